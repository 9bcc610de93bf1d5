import { judgeErofsFromFile, parseFileSystems } from '../../src/doctor/kernel.js';

test('file systems with and without a device', () => {
  expect(parseFileSystems('nodev\tsysfs\n\text4\nnodev\toverlay\n\tsquashfs\n')).toEqual([
    'sysfs',
    'ext4',
    'overlay',
    'squashfs',
  ]);
});

test.each([
  ['6.12.0-amd64', '2.42', true],
  ['6.18.44', '2.42.4', true],
  ['6.11.9', '2.42', false],
  ['6.12.1', '2.41.3', false],
  ['6.12.1', null, false],
  ['?', '2.42', false],
])('erofs without loop device: Linux %s, mount(8) %s', (kernel, mount, isThere) => {
  expect(judgeErofsFromFile(kernel, mount)).toMatchObject({ isThere });
});
