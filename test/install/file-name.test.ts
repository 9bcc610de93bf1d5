import { formatEntryStem, parseReleasedName } from '../../src/install/file-name.js';

const parse = (file: string, suffix = '.sysext') => {
  const { name, version, architecture, counter } = parseReleasedName(file, suffix);
  return [name, version, architecture, counter];
};

test.each([
  ['foo.raw', ['foo', null, null, '']],
  ['foo', ['foo', null, null, '']],
  ['foo_1.raw', ['foo', '1', null, '']],
  ['foo_1.2~rc1-3.raw', ['foo', '1.2~rc1-3', null, '']],
  ['foo_1.2_x86-64.raw', ['foo', '1.2', 'x86-64', '']],
  ['foo_1.2_x86-64+3-1.raw', ['foo', '1.2', 'x86-64', '+3-1']],
  ['foo_1+3.raw', ['foo', '1', null, '+3']],
  ['foo_1.sysext.raw', ['foo', '1', null, '']],
  ['foo.sysext.raw', ['foo', null, null, '']],
  ['my_tool_1.0.raw', ['my_tool', '1.0', null, '']],
  ['my_tool.raw', ['my_tool', null, null, '']],
  ['my_tool_2', ['my_tool', '2', null, '']],
  ['g++.raw', ['g++', null, null, '']],
  ['g++_13.raw', ['g++', '13', null, '']],
  ['foo_x86-64.raw', ['foo_x86-64', null, null, '']],
  ['foo+3.raw', ['foo+3', null, null, '']],
  ['foo_1:2.raw', ['foo_1:2', null, null, '']],
  ['_1.raw', ['_1', null, null, '']],
  ['foo_.raw', ['foo_', null, null, '']],
  ['.raw', ['', null, null, '']],
])('%s', (file, parts) => {
  expect(parse(file)).toEqual(parts);
});

test('the suffix is that of the class', () => {
  expect(parse('foo_1.confext.raw', '.confext')).toEqual(['foo', '1', null, '']);
  expect(parse('foo_1.confext.raw', '.sysext')).toEqual(['foo', '1.confext', null, '']);
});

test('an entry is called as it was released', () => {
  for (const stem of ['foo', 'foo_1', 'foo_1_arm64', 'foo_1+3-1', 'my_tool_1.0_x86-64+2'])
    expect(formatEntryStem(parseReleasedName(`${stem}.raw`, '.sysext'))).toBe(stem);
});
