import { arch } from 'node:os';
import { below, directory, fifo, symlink, type Tree } from '../support/tree.js';
import { extension, HOST, sysextTree } from './fixtures.js';
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
  { name: 'which entry is chosen', since: 257, tree: { ...HOST, ...choices }, calls: ['list', 'merge'] },
  {
    name: 'names of entries',
    since: 257,
    tree: {
      ...HOST,
      ...versions('a', ['ab_9', 'a-b_9', 'a_1', 'a', 'A_10']),
      ...versions('b', ['b']),
      ...versions('c', ['c', 'c_0']),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'the example of systemd.v(7)',
    since: 257,
    tree: {
      ...HOST,
      ...versions('mymachine', [
        'mymachine_7.5.13',
        'mymachine_7.5.14_x86-64',
        'mymachine_7.6.0_arm64',
        'mymachine_7.7.0_x86-64+0-5',
      ]),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'with the suffix of the class',
    since: 257,
    tree: { ...HOST, ...versions('a', ['a_1.sysext', 'a_2.sysext', 'a_3'], '.sysext.v') },
    calls: ['list', 'merge'],
  },
  {
    name: 'an entry with a suffix that the directory has not',
    since: 257,
    tree: { ...HOST, ...versions('a', ['a_2.sysext', 'a_1']) },
    calls: ['list', 'merge'],
  },
  {
    name: 'an empty one does not mask',
    since: 257,
    tree: { ...HOST, ...versions('a', [], '.v', 'etc/extensions'), ...extension('a') },
    calls: ['list', 'merge'],
  },
  {
    name: 'one without a fitting entry does not mask',
    since: 257,
    tree: { ...HOST, ...versions('a', [`a_1_${FOREIGN}`, 'b_1'], '.v', 'etc/extensions'), ...extension('a') },
    calls: ['list', 'merge'],
  },
  {
    name: 'it hides the same name in a later directory',
    since: 257,
    tree: { ...HOST, ...versions('a', ['a_1'], '.v', 'etc/extensions'), ...extension('a') },
    calls: ['list', 'merge'],
  },
  {
    name: 'it is hidden by the same name in an earlier directory',
    since: 257,
    tree: { ...HOST, ...extension('a', { in: 'etc/extensions' }), ...versions('a', ['a_1']) },
    calls: ['list', 'merge'],
  },
  {
    name: 'it is masked by an empty directory',
    since: 257,
    tree: { ...HOST, 'etc/extensions/a': directory(), ...versions('a', ['a_1']) },
    calls: ['list', 'merge'],
  },
  {
    name: 'it is a symlink',
    since: 257,
    tree: {
      ...HOST,
      'var/lib/extensions/a.v': symlink('/srv/images'),
      ...versionsAt('srv/images', ['a_1', 'a_2']),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'entries are symlinks',
    since: 257,
    tree: {
      ...HOST,
      'var/lib/extensions/a.v/a_1': symlink('/srv/one'),
      'var/lib/extensions/a.v/a_2': symlink('../../../../srv/two'),
      ...versionsAt('srv', ['one', 'two']),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'the best entry is a dangling symlink',
    since: 257,
    tree: {
      ...HOST,
      ...versions('a', ['a_1']),
      'var/lib/extensions/a.v/a_3': symlink('/srv/gone'),
      ...extension('b'),
    },
    calls: [
      { args: 'list', differs: ['dangling-version'] },
      { args: 'merge', differs: ['dangling-version'], expects: { tree: /"usr\/share\/a" "a_1\\n"/ } },
    ],
  },
  {
    name: 'the worst entry is a dangling symlink',
    since: 257,
    tree: { ...HOST, ...versions('a', ['a_1']), 'var/lib/extensions/a.v/a_0': symlink('/srv/gone') },
    calls: [
      { args: 'list', differs: ['dangling-version'] },
      { args: 'merge', differs: ['dangling-version'], expects: { tree: /"usr\/share\/a" "a_1\\n"/ } },
    ],
  },
  {
    name: 'entries of the wrong kind',
    since: 257,
    tree: {
      ...HOST,
      ...versions('a', ['a_1']),
      'var/lib/extensions/a.v/a_9': 'a file',
      'var/lib/extensions/a.v/a_8': fifo(),
      'var/lib/extensions/a.v/a_7.raw': 'a file',
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'a versioned directory for files has directories',
    since: 257,
    tree: { ...HOST, ...versions('a', ['a_1', 'a_2.raw'], '.raw.v'), ...extension('b') },
    calls: ['list', 'merge'],
  },
  {
    name: 'a file called .v',
    since: 257,
    tree: { ...HOST, 'var/lib/extensions/a.v': 'x', ...extension('b') },
    calls: ['list', 'merge'],
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

function versionsAt(place: string, entries: readonly string[]): Tree {
  return Object.assign(
    {},
    ...entries.map((entry) =>
      below(`${place}/${entry}`, sysextTree('a', { files: { 'usr/share/a': `${entry}\n` } })),
    ),
  );
}
