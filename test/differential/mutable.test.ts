import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import { confext, DEBIAN, extension, HOST } from '../support/fixtures.js';
import { directory, type Entry, symlink, type Tree } from '../support/tree.js';
import type { Call, Scenario } from './scenario.js';
import { differential } from './suite.js';

const WRITE = 'var/lib/extensions.mutable';

/** Something in each hierarchy: the original cannot import into an empty one (`empty-hierarchy`). */
const FULL: Tree = { ...HOST, 'opt/host': 'from the host\n', 'srv/elsewhere/kept': 'kept\n' };
const TREE: Tree = { ...FULL, ...extension('a') };

/** Overlays with an upper directory are not to be had in a user namespace. */
const scenario = (one: Scenario): Scenario => ({ since: 262, root: true, ...one });
const suite = (title: string, scenarios: readonly Scenario[]): void =>
  differential(title, scenarios.map(scenario));

/** Whether it can be written shows in what is there afterwards, and where it was written to after unmerge. */
const WRITES = '(echo new > usr/new) 2>/dev/null || echo refused > refused';
const REMOVES = '(rm -f usr/bin/host usr/share/a) 2>/dev/null || echo refused > refused-rm';

/** A refresh from one write directory to the same. */
const SECOND: Pick<Call, 'differs'> = { differs: ['second-work-directory'] };

/** A merge that is written to, refreshed, written to, and taken off. */
const cycle = (mode: string, then = mode): Call[] => [
  { args: `merge --mutable=${mode}` },
  {
    args: `refresh --mutable=${then}`,
    script: WRITES,
    ...(mode === 'yes' && then === 'auto' ? SECOND : {}),
  },
  { args: 'unmerge', script: REMOVES },
];

const PLACES: Readonly<Record<string, Record<string, Entry>>> = {
  'no write directory': {},
  'a write directory': { [`${WRITE}/usr/share/written`]: 'before\n' },
  'a write directory that is a symlink elsewhere': { [`${WRITE}/usr`]: symlink('/srv/elsewhere') },
  'a write directory that is the hierarchy': { [`${WRITE}/usr`]: symlink('/usr') },
  'a write directory that is a dangling symlink': { [`${WRITE}/usr`]: symlink('/srv/nowhere') },
  'a write directory that is a file': { [`${WRITE}/usr`]: 'a file\n' },
  'a write directory with another mode': { [`${WRITE}/usr`]: directory({ mode: 0o700 }) },
  'a write directory elsewhere with another mode': {
    [`${WRITE}/usr`]: symlink('/srv/private'),
    'srv/private': directory({ mode: 0o700 }),
  },
};

suite(
  'modes and write directories',
  MUTABLE_MODES.flatMap((mode) =>
    Object.entries(PLACES).map(([name, more]) => ({
      name: `${mode} with ${name}`,
      tree: { ...TREE, ...more },
      calls: cycle(mode),
    })),
  ),
);

suite(
  'without extensions',
  MUTABLE_MODES.flatMap((mode) => [
    { name: `${mode}, without write directory`, tree: FULL, calls: cycle(mode) },
    {
      name: `${mode}, with write directory`,
      tree: { ...FULL, [`${WRITE}/usr/share/written`]: 'before\n' },
      calls: cycle(mode),
    },
  ]),
);

suite('the next merge', [
  {
    name: 'shows again what was written',
    tree: TREE,
    calls: [...cycle('yes'), ...cycle('auto'), ...cycle('import')],
  },
  {
    name: 'comes after one in which files were removed',
    tree: TREE,
    calls: ['merge --mutable=yes', { args: 'list', script: REMOVES }, 'unmerge', 'merge --mutable=import'],
  },
  { name: 'has nothing of an ephemeral one', tree: TREE, calls: [...cycle('ephemeral'), ...cycle('yes')] },
  ...(
    [
      ['yes', 'no'],
      ['no', 'yes'],
      ['yes', 'auto'],
      ['auto', 'import'],
      ['import', 'ephemeral-import'],
      ['ephemeral', 'yes'],
      ['ephemeral-import', 'ephemeral'],
    ] as const
  ).map(([first, then]) => ({
    name: `is a refresh from ${first} to ${then}`,
    tree: { ...TREE, [`${WRITE}/usr/share/written`]: 'before\n', [`${WRITE}/opt`]: directory() },
    calls: cycle(first, then),
  })),
  {
    name: 'is a refresh that always merges anew',
    tree: TREE,
    calls: [
      'merge --mutable=yes',
      { args: 'refresh --mutable=yes --always-refresh=yes', script: WRITES, ...SECOND },
      { args: 'refresh --mutable=yes --always-refresh=yes' },
    ],
  },
  {
    name: 'is a refresh with another extension',
    tree: TREE,
    calls: [
      'merge --mutable=yes',
      { args: 'refresh --mutable=yes', script: WRITES, before: { add: extension('b') }, ...SECOND },
      { args: 'refresh --mutable=yes', before: { remove: ['var/lib/extensions/a'] } },
    ],
  },
]);

suite('hierarchies', [
  {
    name: 'one that is its own write directory becomes writable by a refresh',
    tree: { ...TREE, [`${WRITE}/usr`]: symlink('/usr') },
    calls: [
      { args: 'merge' },
      {
        args: 'refresh --mutable=yes',
        differs: ['refresh-to-host'] as const,
        expects: { status: /^0$/, mounts: /^\/usr overlay sysext rw/ },
      },
      { args: 'unmerge' },
    ].map((call) => ({ ...call, env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr' } })),
  },
  {
    name: 'one that is its own write directory has a mode of its own',
    tree: { ...TREE, usr: directory({ mode: 0o711 }), [`${WRITE}/usr`]: symlink('/usr') },
    calls: [
      {
        args: 'merge --mutable=yes',
        differs: ['mode-of-the-host'] as const,
        expects: { status: /^0$/, tree: /^d 0711 0:0 "usr"$/m },
      },
      { args: 'unmerge' },
    ].map((call) => ({ ...call, env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr' } })),
  },
  {
    name: 'one after another of which the second cannot be merged',
    tree: { ...TREE, [`${WRITE}/usr`]: 'a file\n' },
    calls: [
      {
        args: 'merge --mutable=yes',
        env: { SYSTEMD_SYSEXT_HIERARCHIES: '/opt:/usr' },
        differs: ['failed-merge'],
        expects: { status: /^1$/, mounts: /^$/, tree: /^(?![\s\S]*extensions\.mutable\/opt)/ },
      },
    ],
  },
  ...['import', 'auto'].map((mode) => ({
    name: `an empty one that no extension has is merged with ${mode}, without write directory`,
    tree: { ...HOST, ...extension('a') },
    calls: [
      {
        args: `merge --mutable=${mode}`,
        differs: ['empty-hierarchy'] as const,
        expects: { status: /^0$/, mounts: /^\/opt overlay/m },
      },
      'unmerge',
    ],
  })),
  ...['yes', 'auto', 'ephemeral', 'ephemeral-import'].map((mode) => ({
    name: `an empty one that no extension has is merged with ${mode}`,
    tree: { ...HOST, ...extension('a'), [`${WRITE}/opt/written`]: 'before\n' },
    calls: [`merge --mutable=${mode}`, 'unmerge'],
  })),
  ...['yes', 'ephemeral'].map((mode) => ({
    name: `a missing one that an extension has is merged with ${mode}`,
    tree: { 'usr/lib/os-release': DEBIAN, ...extension('b', { files: { 'opt/b': 'b' } }) },
    calls: [`merge --mutable=${mode}`, 'unmerge'],
  })),
  ...['yes', 'auto', 'import', 'ephemeral'].map((mode) => ({
    name: `a deeper one is written to a directory with dots in its name: ${mode}`,
    tree: {
      ...FULL,
      'srv/data/host': 'from the host\n',
      [`${WRITE}/srv.data/written`]: 'before\n',
      ...extension('b', { files: { 'srv/data/b': 'b' } }),
    },
    calls: [`merge --mutable=${mode}`, 'unmerge'].map((args) => ({
      args,
      env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr:/srv/data' },
    })),
  })),
  {
    name: 'modes of the hierarchy are those of the new write directory',
    tree: { ...TREE, opt: directory({ mode: 0o711 }), usr: directory({ mode: 0o750 }) },
    calls: cycle('yes'),
  },
  { name: 'on a disk', on: 'disk', tree: TREE, calls: [...cycle('yes'), ...cycle('ephemeral')] },
  {
    name: 'on a disk, and the write directory is the hierarchy',
    on: 'disk',
    tree: { ...TREE, [`${WRITE}/usr`]: symlink('/usr') },
    calls: cycle('yes'),
  },
  {
    name: 'of configuration',
    class: 'confext',
    tree: { 'usr/lib/os-release': DEBIAN, 'etc/host.conf': 'host\n', ...confext('a') },
    calls: MUTABLE_MODES.flatMap((mode) => [
      `merge --mutable=${mode}`,
      { args: 'unmerge', script: `(echo ${mode} > etc/new) 2>/dev/null || echo refused > refused-${mode}` },
    ]),
  },
]);
