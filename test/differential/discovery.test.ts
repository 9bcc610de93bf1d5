import { DEBIAN, extension, HOST, sysextTree } from '../support/fixtures.js';
import { below, directory, fifo, file, symlink, type Tree } from '../support/tree.js';
import type { Scenario } from './scenario.js';
import { differential } from './suite.js';

/** A name may have 255 bytes, and its release file is called `extension-release.NAME`. */
const LONGEST_WITH_RELEASE_FILE = 'x'.repeat(255 - 'extension-release.'.length);

const inInitrd = (name: string, place: string): Tree =>
  extension(name, { in: place, release: 'ID=_any\nSYSEXT_SCOPE=initrd\n' });

differential('search directories', [
  {
    name: 'all of them',
    since: 254,
    tree: {
      ...HOST,
      ...extension('a', { in: 'etc/extensions' }),
      ...extension('b', { in: 'run/extensions' }),
      ...extension('c', { in: 'var/lib/extensions' }),
      ...extension('d', { in: 'usr/local/lib/extensions' }),
      ...extension('e', { in: 'usr/lib/extensions' }),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'more of them in an initrd, which others do not look into',
    since: 258,
    tree: {
      ...HOST,
      ...inInitrd('a', '.extra/sysext'),
      ...inInitrd('a', '.extra/global_sysext'),
      ...inInitrd('b', '.extra/global_sysext'),
      ...inInitrd('b', 'var/lib/extensions'),
      ...inInitrd('c', 'run/extensions'),
      ...extension('d', { in: '.extra/sysext' }),
    },
    calls: [
      'list',
      'merge --force',
      'unmerge',
      { args: 'list', before: { add: { 'etc/initrd-release': DEBIAN } } },
      'merge',
      'unmerge',
      'merge --force',
    ],
  },
  {
    name: 'a name in an earlier one hides it in a later one',
    tree: {
      ...HOST,
      ...extension('in-all', { in: 'etc/extensions' }),
      ...extension('in-all', { in: 'run/extensions' }),
      ...extension('in-all', { in: 'var/lib/extensions' }),
      ...extension('in-the-last-two', { in: 'run/extensions' }),
      ...extension('in-the-last-two', { in: 'var/lib/extensions' }),
      ...extension('hidden-by-one-that-does-not-fit', { in: 'etc/extensions', release: 'ID=other\n' }),
      ...extension('hidden-by-one-that-does-not-fit', { in: 'var/lib/extensions' }),
      'run/extensions/masked-by-an-empty-directory': directory(),
      ...extension('masked-by-an-empty-directory', { in: 'var/lib/extensions' }),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'with and without suffix it is the same name',
    since: 254,
    tree: {
      ...HOST,
      ...extension('a', { in: 'etc/extensions', as: 'a.sysext' }),
      ...extension('a', { in: 'var/lib/extensions' }),
      ...extension('b', { in: 'etc/extensions' }),
      ...extension('b', { in: 'var/lib/extensions', as: 'b.sysext' }),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'an empty directory masks the only one',
    tree: { ...HOST, 'etc/extensions/a': directory(), ...extension('a') },
    calls: ['list', 'merge', 'status'],
  },
  {
    name: 'a symlink to /dev/null',
    tree: { ...HOST, 'etc/extensions/a': symlink('/dev/null'), ...extension('a'), ...extension('b') },
    calls: [
      { args: 'list', differs: ['dev-null-masks'] },
      { args: 'merge', differs: ['dev-null-masks'], expects: { status: '0', metadata: '"b\\n"' } },
    ],
  },
  {
    name: 'switched off by symlinks to hidden empty directories, as disable and mask make them',
    since: 258,
    tree: {
      ...HOST,
      'etc/extensions/.#disabled': directory(),
      'etc/extensions/a': symlink('.#disabled'),
      'run/extensions/.#masked': directory(),
      'run/extensions/b': symlink('.#masked'),
      'run/extensions/nothing': symlink('.#masked'),
      'var/lib/extensions/.#sysext-1-1-0/b_2/usr/x': 'staged\n',
      ...extension('a'),
      ...extension('b'),
      ...extension('c'),
    },
    calls: ['list', { args: 'merge', expects: { status: '0', metadata: '"c\\n"' } }],
  },
  {
    name: 'one is a symlink',
    tree: {
      ...HOST,
      'etc/extensions': symlink('/srv/images'),
      ...extension('a', { in: 'srv/images' }),
      ...extension('b'),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'one is a file',
    tree: { ...HOST, 'etc/extensions': 'x', ...extension('b') },
    calls: ['list', 'merge'],
  },
  { name: 'one is empty', tree: { ...HOST, 'etc/extensions': directory() }, calls: ['list', 'merge'] },
  { name: 'none exists', tree: HOST, calls: ['list', 'merge', 'refresh'] },
]);

differential('entries of a search directory', [
  {
    name: 'directories with suffixes',
    since: 254,
    tree: {
      ...HOST,
      ...extension('a', { as: 'a.sysext' }),
      ...extension('b', { as: 'b.confext', release: null }),
      ...extension('c.portable'),
      ...extension('d.raw'),
      ...extension('e.sysext', { as: 'e.sysext.sysext' }),
      ...extension('.sysext'),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'files that are no images',
    tree: {
      ...HOST,
      'var/lib/extensions/README': 'x',
      'var/lib/extensions/a.img': 'x',
      'var/lib/extensions/b.raw.old': 'x',
      'var/lib/extensions/fifo': fifo(),
      'var/lib/extensions/fifo.raw': fifo(),
      ...extension('c'),
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'symlinks',
    since: 258,
    tree: {
      ...HOST,
      'var/lib/extensions/absolute': symlink('/srv/absolute'),
      ...extension('absolute', { in: 'srv' }),
      'var/lib/extensions/relative': symlink('../../../srv/relative'),
      ...extension('relative', { in: 'srv' }),
      'var/lib/extensions/above-the-root': symlink('../../../../../../../../../../srv/above-the-root'),
      ...extension('above-the-root', { in: 'srv' }),
      'var/lib/extensions/its-name-counts': symlink('/srv/not-its-target-1.0'),
      ...below('srv/not-its-target-1.0', sysextTree('its-name-counts', { files: { 'usr/share/z': 'z' } })),
      'var/lib/extensions/chain': symlink('/srv/one'),
      'srv/one': symlink('two/chain'),
      'srv/two': symlink('/data'),
      ...extension('chain', { in: 'data' }),
      'var/lib/extensions/dangling': symlink('/srv/gone'),
      'var/lib/extensions/to-a-file': symlink('/srv/file'),
      'srv/file': 'x',
    },
    calls: ['list', 'merge'],
  },
  {
    name: 'a symlink to itself',
    since: 258,
    tree: { ...HOST, 'var/lib/extensions/a': symlink('a'), ...extension('b') },
    calls: [
      { args: 'list', differs: ['symlink-loop'] },
      { args: 'merge', differs: ['symlink-loop'], expects: { status: '0', metadata: '"b\\n"' } },
      'unmerge',
    ],
  },
]);

/** Names that need no care in mount options. */
const PLAIN = [
  'with space',
  'größe-延長',
  'e\u0301😀',
  '-rf',
  '.hidden',
  '.#lock',
  'backup~',
  '%n$HOME*',
  '&|;<>()',
  'a\tb',
  'a\nb',
];

const named = (...names: string[]): Tree =>
  Object.assign({}, HOST, extension('0'), ...names.map((name) => extension(name)));

/** Names with characters that mean something in the options of a mount. */
const special = (name: string, ...names: string[]): Scenario => ({
  name,
  since: 254,
  tree: named(...names),
  calls: [
    {
      args: 'merge',
      differs: ['special-names'],
      expects: { status: '0', metadata: JSON.stringify(`${names.join('\n')}\n0\n`) },
      says: ["Merged extensions into 'ROOT/usr'."],
    },
    'unmerge',
  ],
});

differential('names', [
  {
    name: 'unusual ones, and ones that are refused',
    since: 254,
    tree: named(...PLAIN),
    calls: ['list', 'list --json=pretty', 'merge'],
  },
  {
    name: 'the longest one that has a release file',
    tree: named(LONGEST_WITH_RELEASE_FILE),
    calls: ['list', 'merge'],
  },
  {
    name: 'one that is too long for a release file',
    tree: {
      ...named('b'),
      ...extension('a', {
        as: 'x'.repeat(255),
        release: null,
        files: {
          'usr/share/a': 'a',
          'usr/lib/extension-release.d/extension-release.a': file('ID=_any\n', {
            xattrs: { 'user.extension-release.strict': 'false' },
          }),
        },
      }),
    },
    calls: [
      'list',
      { args: 'merge', differs: ['name-too-long'], expects: { status: '0', metadata: /"b\\n0\\n"/ } },
      'unmerge',
    ],
  },
  {
    name: 'special ones are listed',
    since: 254,
    tree: named('a,b', 'a:b', 'a\\b', 'a"b', "a'b"),
    calls: ['list', 'list --json=short'],
  },
  special('a comma', 'a,b'),
  special('a colon', 'a:b'),
  special('a backslash', 'a\\b'),
  special('a double quote', 'a"b'),
  special('a single quote', "a'b"),
  special('all of these at the end', 'a\\', 'b:', 'c,', 'd"', "e'"),
]);
