import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { parseRelease } from '../../src/release/os-release.js';
import { hostFields, ReleaseFieldError, releaseText } from '../../src/release/write-release.js';

test.each([
  ['a version', { ID: 'debian', VERSION_ID: '13' }, { ID: 'debian', VERSION_ID: '13' }],
  [
    'a level, which counts more',
    { ID: 'a', VERSION_ID: '1', SYSEXT_LEVEL: '2' },
    { ID: 'a', SYSEXT_LEVEL: '2' },
  ],
  ['neither', { ID: 'arch', BUILD_ID: 'rolling', VERSION_ID: '' }, { ID: 'arch' }],
])('fits a host with %s', (_, host, fields) => {
  expect(Object.fromEntries(hostFields(new Map(Object.entries(host)), SYSEXT))).toEqual(fields);
});

test('the level is that of the class', () => {
  const host = new Map([
    ['ID', 'a'],
    ['SYSEXT_LEVEL', '2'],
    ['VERSION_ID', '1'],
  ]);
  expect([...hostFields(host, CONFEXT)]).toEqual([
    ['ID', 'a'],
    ['VERSION_ID', '1'],
  ]);
});

test('what is written is read as it was', () => {
  const fields = new Map([
    ['ID', '_any'],
    ['VERSION_ID', '13.1~rc+x'],
    ['SYSEXT_PRETTY_NAME', 'It\'s a "tool" \\ for $HOME, `now` – ä'],
    ['EMPTY', ''],
  ]);
  const text = releaseText(fields);
  expect(parseRelease(text)).toEqual({ fields, problems: [] });
  expect(text).toContain('ID=_any\nVERSION_ID=13.1~rc+x\nSYSEXT_PRETTY_NAME="It');
});

test.each([
  ['id', 'x', 'name'],
  ['ID X', 'x', 'name'],
  ['ID', 'a\nVERSION_ID=2', 'value'],
])('%j=%j is refused', (name, value, problem) => {
  expect(() => releaseText(new Map([[name, value]]))).toThrow(new ReleaseFieldError(name, problem as 'name'));
});
