import { arch } from 'node:os';
import { extension, HOST, sysextTree } from '../support/fixtures.js';
import { below, directory, fifo, symlink, type Tree } from '../support/tree.js';
import { differential } from './suite.js';

const NATIVE = arch() === 'arm64' ? 'arm64' : 'x86-64';
const SECONDARY = arch() === 'arm64' ? 'arm' : 'x86';
const FOREIGN = 'riscv64';

/** A versioned directory of extensions that are directories: all are called NAME, whatever their version. */
function versions(
  name: string,
  entries: readonly string[],
  suffix = '.v',
  place = 'var/lib/extensions',
): Tree {
  return Object.assign(
    { [`${place}/${name}${suffix}`]: directory() },
    ...entries.map((entry) =>
      below(
        `${place}/${name}${suffix}/${entry}`,
        sysextTree(name, { files: { [`usr/share/${name}`]: `${entry}\n` } }),
      ),
    ),
  );
}

/** Versioned directories called after what they show: which entry is chosen is in the merged file of that name. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'numbers-are-numbers': ['1.9', '1.10', '1.2'],
  'pre-release-of-a-higher': ['2.0~rc1', '1.9'],
  'pre-release-and-release': ['2.0~rc1', '2.0'],
  'semver-pre-release-is-newer': ['2.0-rc1', '2.0'],
  'post-release-letters-dots': ['1^post', '1.1', '1a', '1-1'],
  'empty-version': ['', '0'],
  'native-before-foreign': [`1_${NATIVE}`, `2_${FOREIGN}`],
  'only-foreign': [`1_${FOREIGN}`],
  'native-before-secondary-of-the-same-version': [`1_${SECONDARY}`, `1_${NATIVE}`],
  'secondary-with-a-higher-version': [`2_${SECONDARY}`, `1_${NATIVE}`],
  'native-before-none-of-the-same-version': ['1', `1_${NATIVE}`],
  'no-architecture-at-all': ['1.2_beta', '1.1'],
  'only-an-architecture': [NATIVE, '1'],
  'tries-used-up': ['2+0-3', '1'],
  'tries-used-up-in-all': ['2+0-3', '1+0-1'],
  'tries-used-up-in-the-only-one': ['2+0'],
  'tries-left': ['2+3', '1'],
  'more-tries-left-of-the-same-version': ['2+1-2', '2+3'],
  'fewer-tries-done-of-the-same-version': ['2+1-2', '2+1-1'],
  'no-counter-of-the-same-version': ['2+3', '2'],
  'octal-counter': ['1+010', '1+9'],
  'plus-that-is-no-counter': ['1.31.5+k3s1', '1.31.4'],
  'characters-that-no-version-has': ['1,5', '1.4'],
  'counter-before-architecture': [`3+2_${NATIVE}`, '1'],
  'architecture-before-counter': [`3_${NATIVE}+2`, '1'],
};

const choices: Tree = Object.assign(
  {},
  ...Object.entries(CHOICES).map(([name, entries]) =>
    versions(
      name,
      entries.map((entry) => `${name}_${entry}`),
    ),
  ),
);

differential('versioned directories', [
  { name: 'which entry is chosen', since: 258, tree: { ...HOST, ...choices }, calls: ['list', 'merge'] },
  {
    name: 'where they are, and what is in them',
    since: 258,
    tree: {
      ...HOST,
      ...versions('names-that-begin-alike', [
        'names-that-begin-alike2_9',
        'names-that-begin-alike-b_9',
        'Names-that-begin-alike_9',
        'names-that-begin-alike_1',
        'names-that-begin-alike',
      ]),
      ...versions('only-one-without-version', ['only-one-without-version']),
      // The example of systemd.v(7).
      ...versions('mymachine', [
        'mymachine_7.5.13',
        'mymachine_7.5.14_x86-64',
        'mymachine_7.6.0_arm64',
        'mymachine_7.7.0_x86-64+0-5',
      ]),
      ...versions(
        'class-suffix',
        ['class-suffix_1.sysext', 'class-suffix_2.sysext', 'class-suffix_3'],
        '.sysext.v',
      ),
      ...versions('suffix-of-an-entry', ['suffix-of-an-entry_2.sysext', 'suffix-of-an-entry_1']),
      ...versions('empty-does-not-mask', [], '.v', 'etc/extensions'),
      ...extension('empty-does-not-mask'),
      ...versions(
        'none-fits-does-not-mask',
        [`none-fits-does-not-mask_1_${FOREIGN}`, 'b_1'],
        '.v',
        'etc/extensions',
      ),
      ...extension('none-fits-does-not-mask'),
      ...versions('hides', ['hides_1'], '.v', 'etc/extensions'),
      ...extension('hides'),
      ...extension('is-hidden', { in: 'etc/extensions' }),
      ...versions('is-hidden', ['is-hidden_1']),
      'etc/extensions/is-masked': directory(),
      ...versions('is-masked', ['is-masked_1']),
      'var/lib/extensions/is-a-symlink.v': symlink('/srv/images'),
      ...versions('is-a-symlink', ['is-a-symlink_1', 'is-a-symlink_2'], '', 'srv'),
      'srv/images': symlink('is-a-symlink'),
      'var/lib/extensions/has-symlinks.v/has-symlinks_1': symlink('/srv/has-symlinks/one'),
      'var/lib/extensions/has-symlinks.v/has-symlinks_2': symlink('../../../../srv/has-symlinks/two'),
      ...versions('has-symlinks', ['one', 'two'], '', 'srv'),
      ...versions('wrong-kinds', ['wrong-kinds_1']),
      'var/lib/extensions/wrong-kinds.v/wrong-kinds_9': 'a file',
      'var/lib/extensions/wrong-kinds.v/wrong-kinds_8': fifo(),
      'var/lib/extensions/wrong-kinds.v/wrong-kinds_7.raw': 'a file',
      ...versions('directories-for-raw', ['directories-for-raw_1', 'directories-for-raw_2.raw'], '.raw.v'),
      'var/lib/extensions/is-a-file.v': 'x',
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'the best entry is a dangling symlink',
    since: 258,
    tree: {
      ...HOST,
      ...versions('a', ['a_1']),
      'var/lib/extensions/a.v/a_3': symlink('/srv/gone'),
      ...extension('b'),
    },
    calls: [
      { args: 'list', differs: ['dangling-version'] },
      { args: 'merge', differs: ['dangling-version'], expects: { tree: /"usr\/share\/a" "a_1\\n"/ } },
      'unmerge',
    ],
  },
  {
    name: 'the worst entry is a dangling symlink',
    since: 258,
    tree: { ...HOST, ...versions('a', ['a_1']), 'var/lib/extensions/a.v/a_0': symlink('/srv/gone') },
    calls: [
      { args: 'list', differs: ['dangling-version'] },
      { args: 'merge', differs: ['dangling-version'], expects: { tree: /"usr\/share\/a" "a_1\\n"/ } },
      'unmerge',
    ],
  },
  {
    name: 'a newer version appears',
    since: 257,
    tree: { ...HOST, ...versions('a', ['a_1']) },
    calls: [
      'merge',
      { args: 'refresh', before: { add: versions('a', ['a_2']) } },
      { args: 'refresh', before: { remove: ['var/lib/extensions/a.v/a_2'] } },
    ],
  },
]);
