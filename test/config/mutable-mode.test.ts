import { chooseMutableMode, MUTABLE_MODES, parseMutableMode } from '../../src/config/mutable-mode.js';

test.each(MUTABLE_MODES)('%s is itself', (mode) => {
  expect(parseMutableMode(mode)).toBe(mode);
});

/** Checked with systemd-sysext 262, on the command line, in the environment and in the file. */
test.each([
  ...['1', 'yes', 'y', 'true', 't', 'on', 'YES', 'True', 'oN'].map((word) => [word, 'yes'] as const),
  ...['0', 'no', 'n', 'false', 'f', 'off', 'NO', 'FALSE'].map((word) => [word, 'no'] as const),
  ...[
    '',
    'Auto',
    'IMPORT',
    'enabled',
    'disabled',
    'help',
    ' yes',
    'yes ',
    '"yes"',
    'yes\n',
    '2',
    '__proto__',
  ].map((word) => [word, null] as const),
])('%j is %j', (word, mode) => {
  expect(parseMutableMode(word)).toBe(mode);
});

test('command line, then environment, then file, then no', () => {
  const setting = { value: 'ephemeral' };
  expect(chooseMutableMode({ option: 'yes', variable: 'auto', setting })).toEqual({
    mode: 'yes',
    from: 'option',
    badVariable: null,
  });
  expect(chooseMutableMode({ option: null, variable: 'ON', setting })).toEqual({
    mode: 'yes',
    from: 'variable',
    badVariable: null,
  });
  expect(chooseMutableMode({ option: null, variable: undefined, setting })).toEqual({
    mode: 'ephemeral',
    from: 'setting',
    badVariable: null,
  });
  expect(chooseMutableMode({ option: null, variable: undefined, setting: null })).toEqual({
    mode: 'no',
    from: 'default',
    badVariable: null,
  });
});

test('a variable that names no mode does not count, and is told', () => {
  const setting = { value: 'import' };
  for (const variable of ['bogus', '', 'help']) {
    expect(chooseMutableMode({ option: null, variable, setting })).toEqual({
      mode: 'import',
      from: 'setting',
      badVariable: variable,
    });
    expect(chooseMutableMode({ option: 'no', variable, setting }).badVariable).toBe(variable);
  }
});
