import { extension, HOST } from './fixtures.js';
import { differential } from './suite.js';

const ONE = { ...HOST, ...extension('a') };
const WITH_OPT = extension('b', { files: { 'opt/b': 'b', 'usr/share/b': 'b' } });
const remove = (...names: string[]) => ({ remove: names.map((name) => `var/lib/extensions/${name}`) });

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
  { name: 'one more', tree: ONE, calls: ['merge', { args: 'refresh', before: { add: extension('b') } }] },
  {
    name: 'one more, for another hierarchy',
    tree: ONE,
    calls: ['merge', { args: 'refresh', before: { add: WITH_OPT } }],
  },
  {
    name: 'one less',
    tree: { ...ONE, ...extension('b') },
    calls: ['merge', { args: 'refresh', before: remove('b') }],
  },
  {
    name: 'the last one of a hierarchy goes',
    tree: { ...ONE, ...WITH_OPT },
    calls: ['merge', { args: 'refresh', before: remove('b') }],
  },
  {
    name: 'all go',
    tree: { ...ONE, ...WITH_OPT },
    calls: ['merge', { args: 'refresh', before: remove('a', 'b') }, 'refresh'],
  },
  {
    name: 'one becomes incompatible',
    tree: { ...ONE, ...extension('b') },
    calls: [
      'merge',
      { args: 'refresh', before: { ...remove('b'), add: extension('b', { release: 'ID=other\n' }) } },
    ],
  },
  {
    name: 'all become incompatible',
    tree: ONE,
    calls: [
      'merge',
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
    name: 'one is replaced by another of the same name',
    tree: ONE,
    calls: [
      'merge',
      {
        args: 'refresh',
        before: { ...remove('a'), add: extension('a', { files: { 'usr/share/new': 'new' } }) },
      },
    ],
  },
  {
    name: 'the same name appears in an earlier directory',
    tree: ONE,
    calls: ['merge', { args: 'refresh', before: { add: extension('a', { in: 'run/extensions' }) } }],
  },
  {
    name: 'one is masked',
    tree: { ...ONE, ...extension('b') },
    calls: ['merge', { args: 'refresh', before: { add: { 'etc/extensions/b': { kind: 'directory' } } } }],
  },
  {
    name: 'with --force',
    tree: { ...HOST, ...extension('a', { release: 'ID=other\n' }) },
    calls: ['merge', 'refresh --force', 'refresh'],
  },
]);

differential('merge and unmerge again', [
  {
    name: 'merge twice',
    tree: ONE,
    calls: [
      'merge',
      { args: 'merge', says: ["Hierarchy '/usr' is already merged."] },
      { args: 'merge', before: { add: extension('b') } },
    ],
  },
  {
    name: 'merge twice, with another hierarchy',
    tree: ONE,
    calls: ['merge', { args: 'merge', before: { add: WITH_OPT } }],
  },
  { name: 'merge when all are gone', tree: ONE, calls: ['merge', { args: 'merge', before: remove('a') }] },
  { name: 'unmerge twice', tree: ONE, calls: ['merge', 'unmerge', { args: 'unmerge' }] },
  { name: 'unmerge without merge', tree: ONE, calls: ['unmerge', 'status'] },
  {
    name: 'unmerge when all are gone',
    tree: ONE,
    calls: ['merge', { args: 'unmerge', before: remove('a') }],
  },
  { name: 'merge, unmerge, merge', tree: ONE, calls: ['merge', 'unmerge', 'merge', 'unmerge', 'merge'] },
  {
    name: 'what is said',
    tree: ONE,
    calls: [
      { args: 'merge', says: ["Using extensions 'a'.", "Merged extensions into 'ROOT/usr'."] },
      { args: 'unmerge', says: ["Unmerged 'ROOT/usr'."] },
      { args: 'merge', before: remove('a'), says: ['No extensions found.'] },
      { args: 'list', says: ['No OS extensions found.'] },
    ],
  },
]);
