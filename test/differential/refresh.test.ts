import { extension, HOST } from '../support/fixtures.js';
import { type Change, directory, symlink } from '../support/tree.js';
import { differential } from './suite.js';

const ONE = { ...HOST, ...extension('a') };
const WITH_OPT = extension('with-opt', { files: { 'opt/x': 'x', 'usr/share/x': 'x' } });
const remove = (...names: string[]): Change => ({
  remove: names.map((name) => `var/lib/extensions/${name}`),
});

differential('refresh', [
  {
    name: 'nothing changed',
    tree: ONE,
    since: 262,
    calls: [
      'merge',
      {
        args: 'refresh',
        says: [
          'Skipping extension refresh because no change was found, use --always-refresh=yes to always do a refresh.',
        ],
      },
      'refresh --always-refresh=no',
      'refresh --always-refresh=yes',
      'refresh --always-refresh=1',
    ],
  },
  { name: 'nothing was merged', tree: ONE, calls: ['refresh', 'refresh'] },
  { name: 'nothing was merged and nothing is there', tree: HOST, calls: ['refresh', 'status'] },
  {
    name: 'images come and go',
    tree: ONE,
    calls: [
      'merge',
      { args: 'refresh', before: { add: extension('b') } },
      { args: 'refresh', before: { add: WITH_OPT } },
      { args: 'refresh', before: remove('a', 'b') },
      { args: 'refresh', before: remove('with-opt') },
      { args: 'refresh', before: { add: extension('d') } },
    ],
  },
  {
    name: 'the last one of a hierarchy goes',
    tree: { ...ONE, ...WITH_OPT },
    calls: ['merge', { args: 'refresh', before: remove('with-opt') }],
  },
  {
    name: 'images become incompatible',
    tree: { ...ONE, ...extension('b') },
    calls: [
      'merge',
      { args: 'refresh', before: { ...remove('b'), add: extension('b', { release: 'ID=other\n' }) } },
      { args: 'refresh', before: { ...remove('a'), add: extension('a', { release: 'ID=other\n' }) } },
    ],
  },
  {
    name: 'the host gets another version',
    tree: { ...HOST, ...extension('a', { release: 'ID=debian\nVERSION_ID=13\n' }), ...extension('b') },
    calls: [
      'merge',
      { args: 'refresh', before: { add: { 'etc/os-release': 'ID=debian\nVERSION_ID=14\n' } } },
    ],
  },
  {
    name: 'images are replaced, hidden and masked',
    tree: { ...ONE, ...extension('b') },
    calls: [
      'merge',
      {
        args: 'refresh',
        before: { ...remove('a'), add: extension('a', { files: { 'usr/share/new': 'new' } }) },
      },
      { args: 'refresh', before: { add: extension('a', { in: 'run/extensions' }) } },
      { args: 'refresh', before: { add: { 'etc/extensions/b': directory() } } },
    ],
  },
  {
    name: 'with --force',
    tree: { ...HOST, ...extension('a', { release: 'ID=other\n' }) },
    calls: ['merge', 'refresh --force', 'refresh'],
  },
]);

differential('a refresh that fails', [
  {
    name: 'with a write directory that cannot be imported',
    since: 257,
    tree: { ...ONE, 'opt/host': 'h', 'var/lib/extensions.mutable/usr': symlink('/usr') },
    calls: [
      'merge',
      {
        args: 'refresh --mutable=import',
        differs: ['failed-refresh'],
        expects: { status: '1', mounts: /^\/usr overlay/, metadata: '"a\\n"' },
      },
      'unmerge',
    ],
  },
  {
    name: 'before anything is mounted, with an image that is none',
    since: 257,
    tree: ONE,
    calls: ['merge', { args: 'refresh', before: { add: { 'var/lib/extensions/b.raw': 'garbage\n' } } }],
  },
]);

differential('merge and unmerge again', [
  {
    name: 'merge twice',
    tree: ONE,
    calls: [
      { args: 'merge', says: ["Using extensions 'a'.", "Merged extensions into 'ROOT/usr'."] },
      { args: 'merge', says: ["Hierarchy '/usr' is already merged."] },
      { args: 'merge', before: { add: extension('b') } },
      { args: 'merge', before: { add: WITH_OPT } },
      { args: 'merge', before: remove('a', 'b', 'with-opt') },
      { args: 'unmerge', says: ["Unmerged 'ROOT/usr'."] },
      { args: 'merge', says: ['No extensions found.'] },
      { args: 'list', says: ['No OS extensions found.'] },
    ],
  },
  {
    name: 'merge, unmerge, and again',
    tree: ONE,
    calls: ['merge', 'unmerge', 'merge', 'unmerge', 'unmerge'],
  },
  { name: 'unmerge without merge', tree: ONE, calls: ['unmerge', 'status'] },
]);
