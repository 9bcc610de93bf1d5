import { extension, HOST } from '../support/fixtures.js';
import { directory, file, opaqueDirectory, symlink, type Tree, whiteout } from '../support/tree.js';
import { differential } from './suite.js';

const RELEASE: Tree = { 'etc/os-release': 'ID=debian\nVERSION_ID=13\n' };

differential('hierarchies', [
  {
    name: 'only /opt',
    tree: { ...HOST, 'opt/host': 'h', ...extension('a', { release: null, files: { 'opt/a': 'a' } }) },
    calls: ['merge', 'merge --force'],
  },
  {
    name: 'other directories of an extension are left out',
    tree: { ...HOST, ...extension('a', { files: { 'usr/a': 'a', 'etc/a': 'a', 'var/a': 'a', top: 'a' } }) },
    calls: ['merge'],
  },
  {
    name: 'an empty hierarchy in the extension',
    tree: { ...HOST, ...extension('a', { files: { 'usr/a': 'a', opt: directory() } }) },
    calls: ['merge'],
  },
  {
    name: 'a hierarchy that is a file in the extension',
    since: 254,
    tree: { ...HOST, ...extension('a', { files: { 'usr/a': 'a', opt: 'a file' } }) },
    calls: ['merge'],
  },
  {
    name: 'a hierarchy that is a symlink in the extension',
    tree: {
      ...HOST,
      ...extension('a', { files: { 'usr/a': 'a', opt: symlink('/srv/opt'), 'srv/opt/a': 'a' } }),
    },
    calls: ['merge'],
  },
  {
    name: 'a hierarchy of the host is missing',
    tree: { ...RELEASE, 'usr/bin/host': 'h', ...extension('a', { files: { 'usr/a': 'a', 'opt/a': 'a' } }) },
    calls: ['status', 'merge'],
  },
  {
    name: 'both hierarchies of the host are missing',
    tree: { ...RELEASE, ...extension('a', { files: { 'usr/a': 'a', 'opt/a': 'a' } }) },
    calls: ['merge'],
  },
  {
    name: 'a hierarchy of the host is empty',
    tree: { ...RELEASE, usr: directory(), opt: directory(), ...extension('a', { files: { 'opt/a': 'a' } }) },
    calls: ['merge'],
  },
  {
    name: 'a hierarchy of the host is a symlink',
    tree: {
      ...RELEASE,
      usr: directory(),
      opt: symlink('/srv/opt'),
      'srv/opt/host': 'h',
      ...extension('a', { files: { 'opt/a': 'a' } }),
    },
    since: 254,
    calls: ['status', 'merge', { args: 'status', differs: ['since-below-root'] }, 'merge'],
  },
  {
    name: 'a hierarchy of the host is a dangling symlink',
    since: 254,
    tree: {
      ...RELEASE,
      usr: directory(),
      opt: symlink('/srv/opt'),
      ...extension('a', { files: { 'opt/a': 'a' } }),
    },
    calls: ['status', 'merge'],
  },
  {
    name: 'a hierarchy of the host is a file',
    since: 254,
    tree: { ...HOST, opt: 'a file', ...extension('a', { files: { 'opt/a': 'a' } }) },
    calls: ['status', 'merge'],
  },
  {
    name: 'modes and owners of the host',
    since: 254,
    root: true,
    tree: {
      ...HOST,
      usr: directory({ mode: 0o751 }),
      opt: directory({ mode: 0o2775, gid: 50 }),
      ...extension('a', {
        files: {
          usr: directory({ mode: 0o700 }),
          'usr/a': 'a',
          opt: directory({ mode: 0o777, uid: 3 }),
          'opt/a': 'a',
        },
      }),
    },
    calls: [
      {
        args: 'merge',
        differs: ['owner-of-the-hierarchy'],
        expects: { tree: /^d 2775 0:50 "opt"$[\s\S]*^d 0751 0:0 "usr"$/m },
      },
    ],
  },
  {
    name: 'modes and owners of files',
    root: true,
    tree: {
      ...HOST,
      ...extension('a', {
        files: {
          'usr/bin/tool': file('#!', { mode: 0o4755, uid: 0, gid: 5 }),
          'usr/bin/private': file('#!', { mode: 0o600, uid: 7 }),
          'usr/share/link': symlink('../bin/tool'),
          'usr/share/d': directory({ mode: 0o1777 }),
        },
      }),
    },
    calls: ['merge'],
  },
  {
    name: 'whiteouts',
    tree: {
      ...HOST,
      'usr/share/gone/x': 'x',
      ...extension('a', { files: { 'usr/share/one': 'a', 'usr/share/two': 'a' } }),
      ...extension('b', {
        files: { 'usr/share/one': whiteout(), 'usr/bin/host': whiteout(), 'usr/share/gone': whiteout() },
      }),
    },
    calls: ['merge'],
  },
  {
    name: 'opaque directories',
    root: true,
    tree: {
      ...HOST,
      ...extension('a', { files: { 'usr/share/d/a': 'a', 'usr/bin/a': 'a' } }),
      ...extension('b', {
        files: { 'usr/share/d': opaqueDirectory(), 'usr/share/d/b': 'b', 'usr/bin': opaqueDirectory() },
      }),
    },
    calls: ['merge'],
  },
  {
    name: 'an extension brings a metadata directory along',
    tree: {
      ...HOST,
      ...extension('a', { files: { 'usr/.systemd-sysext/extensions': 'evil\n', 'usr/a': 'a' } }),
    },
    calls: ['merge', 'merge'],
  },
  {
    name: 'on a disk, with a block device behind the host',
    on: 'disk',
    tree: { ...HOST, ...extension('a', { files: { 'usr/a': 'a', 'opt/a': 'a' } }) },
    calls: ['status', 'list', 'merge', 'unmerge'],
  },
  {
    name: 'options for the overlay from the environment',
    since: 257,
    tree: { ...HOST, ...extension('a') },
    calls: [{ args: 'merge', env: { SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS: 'metacopy=on' } }],
  },
  ...['noatime', ''].map((options) => ({
    name: `options for a writable overlay from the environment: ${JSON.stringify(options)}`,
    since: 262,
    root: true,
    tree: { ...HOST, 'opt/host': 'h', ...extension('a') },
    calls: ['merge --mutable=no', 'refresh --mutable=yes', 'refresh --mutable=ephemeral'].map((args) => ({
      args,
      env: { SYSTEMD_SYSEXT_OVERLAYFS_MOUNT_OPTIONS: options },
    })),
  })),
]);
