import fc from 'fast-check';
import { parseVersionedDirectoryName } from '../../src/images/image-name.js';
import { type DirectoryFile, pickVersion } from '../../src/images/versioned-directory.js';
import { parseEntry } from '../../src/images/versioned-entry.js';

/** `a/` is a directory, `a@` a dangling symlink, `a!` a block device; all else are regular files. */
function filesOf(names: readonly string[]): DirectoryFile[] {
  const types = { '/': 'directory', '@': 'other', '!': 'block' } as const;
  return names.map((name) => {
    const type = types[name.at(-1) as keyof typeof types];
    return type === undefined ? { file: name, type: 'file' } : { file: name.slice(0, -1), type };
  });
}

function pick(directory: string, names: readonly string[], architecture = 'x86-64') {
  return pickVersion(filesOf(names), parseVersionedDirectoryName(directory, '.sysext')!, architecture);
}

function parse(directory: string, name: string) {
  return parseEntry(filesOf([name])[0]!, parseVersionedDirectoryName(directory, '.sysext')!, 'x86-64');
}

/** Checked with `systemd-sysext list` of 262, but for the last row, which that skips altogether. */
test.each([
  ['a last part that is no architecture', 'foo.raw.v', ['foo_1.2_beta.raw'], 'foo_1.2_beta.raw'],
  ['an architecture for a version', 'foo.raw.v', ['foo_x86-64.raw'], 'foo_x86-64.raw'],
  ['a foreign architecture', 'foo.raw.v', ['foo_1.2_arm64.raw'], null],
  ['tries are used up', 'foo.raw.v', ['foo_2+0-3.raw', 'foo_1.raw'], 'foo_1.raw'],
  ['tries are used up everywhere', 'foo.raw.v', ['foo_2+0-3.raw'], 'foo_2+0-3.raw'],
  ['octal 010 is less than 9', 'foo.raw.v', ['foo_1+010.raw', 'foo_1+9.raw'], 'foo_1+9.raw'],
  ['octal 010 is more than 7', 'foo.raw.v', ['foo_1+010.raw', 'foo_1+7.raw'], 'foo_1+010.raw'],
  ['a class suffix in the version', 'foo.raw.v', ['foo_1.sysext.raw'], 'foo_1.sysext.raw'],
  ['build metadata', 'foo.raw.v', ['foo_1.31.5+k3s1.raw', 'foo_1.31.4.raw'], 'foo_1.31.4.raw'],
  [
    'the example of systemd.v(7)',
    'm.raw.v',
    ['m_7.5.13.raw', 'm_7.5.14_x86-64.raw', 'm_7.6.0_arm64.raw', 'm_7.7.0_x86-64+0-5.raw'],
    'm_7.5.14_x86-64.raw',
  ],
  ['only directories', 'foo.v', ['foo_1/', 'foo_2', 'foo_3!'], 'foo_1'],
  ['only files and devices', 'foo.raw.v', ['foo_1.raw', 'foo_2.raw!', 'foo_3.raw/'], 'foo_2.raw'],
  ['the class suffix is wanted', 'foo.sysext.v', ['foo_1.sysext/', 'foo_2/'], 'foo_1.sysext'],
  ['both suffixes are wanted', 'foo.sysext.raw.v', ['foo_2.raw', 'foo_1.sysext.raw'], 'foo_1.sysext.raw'],
  ['the native architecture', 'foo.v', ['foo_1_x86/', 'foo_1/', 'foo_1_x86-64/'], 'foo_1_x86-64'],
  ['the secondary architecture', 'foo.v', ['foo_1_x86/', 'foo_1/'], 'foo_1_x86'],
  ['a version outranks an architecture', 'foo.v', ['foo_1_x86-64/', 'foo_2/'], 'foo_2'],
  ['an underscore in the architecture', 'foo.v', ['foo_1_x86_64/'], null],
  ['an underscore in the version', 'foo.v', ['foo_1_2_x86-64/'], null],
  ['no counter is best', 'foo.v', ['foo_1+3/', 'foo_1/'], 'foo_1'],
  ['more left, then fewer done', 'foo.v', ['foo_1+3-2/', 'foo_1+3-1/', 'foo_1+2/'], 'foo_1+3-1'],
  ['a counter before the architecture', 'foo.v', ['foo_1+3_x86-64/'], null],
  ['a counter after the architecture', 'foo.v', ['foo_1_x86-64+3/'], 'foo_1_x86-64+3'],
  ['the file name at last', 'foo.v', ['foo_1.0/', 'foo_01.0/', 'foo_1.00/'], 'foo_1.00'],
  ['an empty architecture', 'foo.v', ['foo_1_/'], 'foo_1_'],
  ['an empty version', 'foo.v', ['foo_/'], null],
  ['another name', 'foo.v', ['foo/', 'foo-1/', 'Foo_1/', 'foobar_1/'], null],
  ['nothing', 'foo.v', [], null],
  ['a dangling symlink', 'foo.v', ['foo_2@', 'foo_1/'], 'foo_1'],
])('%s', (_, directory, names, winner) => {
  expect(pick(directory, names).winner?.file ?? null).toBe(winner);
});

test.each([
  ['foo_1+08', 'an invalid octal number'],
  ['foo_1+4294967296', 'one more than UINT_MAX'],
  ['foo_1+3-4294967296', 'one more than UINT_MAX done'],
  ['foo_1+3-09', 'an invalid octal number done'],
  ['foo_1+3-', 'nothing after the dash'],
  ['foo_1+-3', 'nothing before the dash'],
  ['foo_1+0x10', 'hexadecimal digits'],
  ['foo_1+1+3', 'a second plus'],
  ['foo_1+', 'nothing after the plus'],
])('%s: no counter with %s, so the plus makes the version invalid', (name) => {
  expect(parse('foo.v', `${name}/`)).toMatchObject({ kind: 'rejected', reason: 'version' });
});

test('an entry is taken apart', () => {
  expect(parse('foo.raw.v', 'foo_1.2~rc1_x86+017-3.raw')).toEqual({
    kind: 'entry',
    file: 'foo_1.2~rc1_x86+017-3.raw',
    version: '1.2~rc1',
    architecture: 'x86',
    triesLeft: 15,
    triesDone: 3,
  });
  expect(parse('foo.raw.v', 'foo_1+4294967295.raw')).toMatchObject({ triesLeft: 4294967295, triesDone: 0 });
  expect(parse('foo.raw.v', 'foo_1.raw')).toMatchObject({ triesLeft: null, triesDone: null });
});

test('every loser comes with the rule that the winner beats it by, the best one first', () => {
  const { winner, losers } = pick('foo.v', [
    'foo_3+0/',
    'foo_1_x86-64/',
    'foo_2/',
    'foo_2+4/',
    'foo_2_x86-64/',
    'foo_2_x86/',
  ]);
  expect(winner?.file).toBe('foo_2_x86-64');
  expect(losers.map(({ entry, rule }) => [entry.file, rule])).toEqual([
    ['foo_2_x86', 'native-architecture'],
    ['foo_2', 'native-architecture'],
    ['foo_2+4', 'native-architecture'],
    ['foo_1_x86-64', 'version'],
    ['foo_3+0', 'tries-left'],
  ]);
  const ruleOf = (...names: string[]) => pick('foo.v', names).losers.map(({ rule }) => rule);
  expect(ruleOf('foo_1_x86/', 'foo_1/')).toEqual(['secondary-architecture']);
  expect(ruleOf('foo_1+3/', 'foo_1+2/')).toEqual(['more-tries-left']);
  expect(ruleOf('foo_1+3/', 'foo_1+3-1/')).toEqual(['fewer-tries-done']);
  expect(ruleOf('foo_1.0/', 'foo_1.00/')).toEqual(['file-name']);
});

test('every rejected file comes with what was wanted and found', () => {
  const { winner, rejected } = pick('foo.raw.v', [
    'bar_1.raw',
    'foo_1',
    'foo_1_arm.raw',
    'foo_1 2.raw',
    'foo_1.raw/',
  ]);
  expect(winner).toBeNull();
  expect(rejected).toEqual([
    { kind: 'rejected', file: 'bar_1.raw', reason: 'name', wanted: 'foo_' },
    { kind: 'rejected', file: 'foo_1', reason: 'suffix', wanted: '.raw' },
    {
      kind: 'rejected',
      file: 'foo_1_arm.raw',
      reason: 'architecture',
      wanted: ['x86-64', 'x86'],
      found: 'arm',
    },
    { kind: 'rejected', file: 'foo_1 2.raw', reason: 'version', found: '1 2' },
    { kind: 'rejected', file: 'foo_1.raw', reason: 'type', wanted: 'file', found: 'directory' },
  ]);
});

test('architectures without a secondary one', () => {
  expect(pick('foo.v', ['foo_1_riscv64/', 'foo_2_riscv32/'], 'riscv64').winner?.file).toBe('foo_1_riscv64');
});

test('the choice does not depend on the order of the directory', () => {
  const name = fc
    .tuple(
      fc.constantFrom('1', '2', '2.0', '02', '~'),
      fc.constantFrom('', '_x86-64', '_x86', '_arm64', '_beta'),
      fc.constantFrom('', '+0', '+1', '+1-1', '+08', '+4294967295'),
    )
    .map((parts) => `foo_${parts.join('')}/`);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 10 }), (names) => {
      const picked = pick('foo.v', names);
      const again = pick('foo.v', [...names].reverse());
      expect([again.winner, again.losers]).toEqual([picked.winner, picked.losers]);
      expect(picked.losers.length + picked.rejected.length + Number(picked.winner !== null)).toBe(
        names.length,
      );
    }),
  );
});
