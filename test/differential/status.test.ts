import { extension, HOST } from '../support/fixtures.js';
import { directory, symlink, type Tree } from '../support/tree.js';
import type { Call } from './scenario.js';
import { differential } from './suite.js';

const FORMATS = ['', '--json=short', '--json=pretty', '--no-legend'];

const each = (verb: string, differs: NonNullable<Call['differs']>): Call[] =>
  FORMATS.map((format) => ({ args: `${verb} ${format}`.trim(), differs }));

const three: Tree = {
  ...HOST,
  ...extension('a'),
  ...extension('long-name-of-an-extension', { files: { 'opt/long/x': 'x' } }),
  ...extension('z', { files: { 'usr/share/z': 'z', 'opt/z': 'z' } }),
};

const DATA = { SYSTEMD_SYSEXT_HIERARCHIES: '/srv/data:/opt' };

const merged = ['since-below-root', 'status-below-root'] as const;

differential('status', [
  { name: 'nothing merged', tree: three, calls: each('status', []) },
  { name: 'merged into both hierarchies', tree: three, calls: ['merge', ...each('status', merged)] },
  {
    name: 'merged into one of two',
    tree: { ...HOST, ...extension('a') },
    calls: ['merge', { args: 'status --json=short', differs: merged }],
  },
  {
    name: 'status is the default',
    tree: { ...HOST, ...extension('a') },
    calls: [{ args: [] }, { args: ['--json=short'] }, 'merge', { args: [], differs: merged }],
  },
  {
    name: 'a hierarchy is missing',
    tree: { 'usr/lib/os-release': 'ID=debian\n', ...extension('a') },
    calls: ['status', 'merge', { args: 'status', differs: merged }],
  },
  {
    name: 'no hierarchy exists',
    tree: { 'etc/os-release': 'ID=debian\n' },
    calls: ['status', 'status --json=short'],
  },
  {
    name: 'a metadata directory that nobody merged',
    tree: {
      ...HOST,
      ...extension('a'),
      'usr/.systemd-sysext/extensions': 'a\n',
      'usr/.systemd-sysext/dev': '0:99999\n',
    },
    calls: ['status', 'unmerge', 'merge', { args: 'status', differs: merged }],
  },
  {
    name: 'hierarchies from the environment',
    tree: {
      ...HOST,
      'srv/data': directory(),
      ...extension('a', { files: { 'srv/data/a': 'a', 'usr/a': 'a' } }),
    },
    calls: [
      { args: 'status', env: DATA },
      { args: 'merge', env: DATA },
      { args: 'status', env: DATA, differs: ['hierarchy-of-the-machine'] },
      { args: 'unmerge', env: DATA },
    ],
  },
  {
    name: 'hierarchies that are none',
    tree: { ...HOST, ...extension('a') },
    calls: ['', 'usr', '/usr/../opt', '/', '/usr:', ':/usr'].flatMap((value) => [
      { args: 'status', env: { SYSTEMD_SYSEXT_HIERARCHIES: value } },
    ]),
  },
  {
    name: 'a hierarchy with a slash at its end',
    since: 254,
    tree: { ...HOST, ...extension('a') },
    calls: ['status', 'merge', 'status --json=short', 'unmerge'].map((args) => ({
      args,
      differs: args.startsWith('status') ? ['hierarchy-slash'] : [],
      env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr/' },
    })),
  },
  {
    name: 'a hierarchy twice',
    tree: { ...HOST, ...extension('a') },
    calls: ['status', 'merge', 'unmerge'].map((args) => ({
      args,
      differs: args === 'unmerge' ? [] : ['hierarchy-twice'],
      env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr:/usr' },
    })),
  },
]);

differential('list', [
  {
    name: 'several',
    tree: three,
    calls: [...each('list', []), 'list --json=off', 'list --no-pager', 'list --no-legend --json=short'],
  },
  { name: 'none', tree: HOST, calls: ['list', 'list --json=short', 'list --json=pretty'] },
  { name: 'merged', tree: three, calls: ['merge', 'list'] },
  {
    name: 'those that do not fit too',
    tree: { ...HOST, ...extension('a', { release: 'ID=other\n' }), ...extension('b', { release: null }) },
    calls: ['list', 'list --force'],
  },
  {
    name: 'sorted by name, not by version',
    tree: Object.assign(
      {},
      HOST,
      ...['app_10', 'app_9', 'B', 'a', 'ä', 'app-9', 'app~1'].map((name) => extension(name)),
    ),
    calls: ['list', 'list --json=short'],
  },
  {
    name: 'a symlink: the path is that of its target',
    since: 258,
    tree: { ...HOST, 'var/lib/extensions/b': symlink('/srv/b'), ...extension('b', { in: 'srv' }) },
    calls: ['list --json=pretty'],
  },
]);
