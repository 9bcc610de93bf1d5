import { type Pattern, parsePattern } from '../../src/update/pattern.js';
import { readSourceName, readTargetName } from '../../src/update/target-names.js';
import type { Source, Target, Transfer } from '../../src/update/transfer.js';

const parse = (texts: string) => texts.split(' ').map((text) => parsePattern(text, false) as Pattern);
const target = (path: string, patterns: string) =>
  ({ path, patterns: parse(patterns) }) as Partial<Target> as Target;

const COUNTED = 'f_@v+@l-@d.raw f_@v+@l.raw f_@v.raw';

test.each([
  ['f_@v.raw', 'f_2.raw', '2', undefined, undefined],
  ['f_@v.raw', 'f_2+0.raw', '2', '0', '0'],
  ['f_@v.raw', 'f_2+0-3.raw', '2', '0', '3'],
  // With tries left it may be picked, and the pattern says what is what.
  ['f_@v.raw', 'f_2+1.raw', '2+1', undefined, undefined],
  ['f_@v.raw', 'f_2+k3s0.raw', '2+k3s0', undefined, undefined],
  ['f_@v_x86-64.raw', 'f_2_x86-64+0.raw', '2', '0', '0'],
  ['f_@v.sysext.raw', 'f_2+0.sysext.raw', '2', '0', '0'],
  [COUNTED, 'f_2+3-1.raw', '2', '3', '1'],
  [COUNTED, 'f_2+0.raw', '2', '0', '0'],
  [COUNTED, 'f_2+0-3.raw', '2', '0', '3'],
  ['f_@v+@l-@d.raw', 'f_2+0.raw', '2', '0', '0'],
  ['f_@v+@l.raw', 'f_2+0-3.raw', '2', '0', '3'],
])('in a versioned directory, %s: %s is of version %s', (patterns, file, version, triesLeft, triesDone) => {
  const read = (one: Target, path: string) => readTargetName(one, path);
  const expected = { version, ...(triesLeft === undefined ? {} : { triesLeft, triesDone }) };
  expect(read(target('/dst/f.raw.v', patterns), file)).toEqual(expected);
  const below = patterns.replace(/f_/g, 'f.raw.v/f_');
  expect(read(target('/dst', below), `f.raw.v/${file}`)).toEqual(expected);
});

test('in other directories a counter is one only if a pattern says so', () => {
  expect(readTargetName(target('/dst', 'f_@v.raw'), 'f_2+0.raw')).toEqual({ version: '2+0' });
  expect(readTargetName(target('/dst/f.v', 'f_@v.raw'), 'f_2+0.raw')).toEqual({ version: '2+0' });
  expect(readTargetName(target('/dst', 'f_@v_x86-64.raw'), 'f_2_x86-64+0.raw')).toBeNull();
});

test('what no pattern fits', () => {
  expect(readTargetName(target('/dst/f.raw.v', 'f_@v.raw'), 'g_2+0.raw')).toBeNull();
  expect(readTargetName(target('/dst/f.raw.v', 'f_@v.raw'), 'f_2+0')).toBeNull();
});

test('a source has the versions that the target will have', () => {
  const source = { patterns: parse('f_@v.raw') } as Partial<Source> as Source;
  const read = (path: string, file: string) => {
    const transfer: Partial<Transfer> = { source, target: target(path, 'f_@v.raw') };
    return readSourceName(transfer as Transfer, file);
  };
  expect(read('/dst/f.raw.v', 'f_2+0.raw')).toEqual({ version: '2' });
  expect(read('/dst/f.raw.v', 'f_2+1.raw')).toEqual({ version: '2+1' });
  expect(read('/dst', 'f_2+0.raw')).toEqual({ version: '2+0' });
  expect(read('/dst', 'g_2.raw')).toBeNull();
});
