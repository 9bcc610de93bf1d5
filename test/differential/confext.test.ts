import { arch } from 'node:os';
import { confext, DEBIAN, extension } from '../support/fixtures.js';
import { directory, symlink, type Tree } from '../support/tree.js';
import { differential } from './suite.js';

const HOST: Tree = {
  'usr/lib/os-release': DEBIAN,
  'etc/host.conf': 'from the host\n',
  'etc/os-release': symlink('../usr/lib/os-release'),
};

/** There was no systemd-confext before. */
const CONFEXT = { class: 'confext', since: 254 } as const;

const inInitrd = (name: string, place: string): Tree =>
  confext(name, { in: place, release: 'ID=_any\nCONFEXT_SCOPE=initrd\n' });

differential('configuration extensions', [
  {
    ...CONFEXT,
    name: 'merge, status, list, refresh, unmerge',
    tree: { ...HOST, ...confext('a'), ...confext('b') },
    calls: [
      'status',
      'list',
      'list --json=short',
      'merge',
      { args: 'status', differs: ['since-below-root'] },
      { args: 'status --json=short', differs: ['since-below-root'] },
      { args: 'refresh', before: { add: confext('c') } },
      'merge',
    ],
  },
  {
    ...CONFEXT,
    name: 'nothing there',
    tree: HOST,
    calls: ['status', { args: 'list', says: ['No OS configuration extensions found.'] }, 'merge', 'refresh'],
  },
  {
    ...CONFEXT,
    name: 'every search directory',
    tree: {
      ...HOST,
      ...confext('a', { in: 'run/confexts' }),
      ...confext('b', { in: 'var/lib/confexts' }),
      ...confext('c', { in: 'usr/local/lib/confexts' }),
      ...confext('d', { in: 'usr/lib/confexts' }),
      ...confext('e', { in: 'etc/confexts' }),
      ...confext('f', { in: 'var/lib/extensions' }),
    },
    calls: ['list', 'merge'],
  },
  {
    ...CONFEXT,
    since: 258,
    name: 'every search directory of an initrd',
    tree: {
      ...HOST,
      'etc/initrd-release': DEBIAN,
      ...inInitrd('a', '.extra/confext'),
      ...inInitrd('b', '.extra/global_confext'),
      ...inInitrd('c', 'run/confexts'),
      ...inInitrd('d', 'usr/local/lib/confexts'),
      ...inInitrd('e', 'usr/lib/confexts'),
    },
    calls: ['list', 'merge'],
  },
  {
    ...CONFEXT,
    name: 'the first search directory wins',
    tree: {
      ...HOST,
      ...confext('a', { in: 'run/confexts' }),
      ...confext('a', { in: 'var/lib/confexts' }),
      ...confext('b', { in: 'var/lib/confexts' }),
      ...confext('b', { in: 'usr/local/lib/confexts' }),
      ...confext('c', { in: 'usr/local/lib/confexts' }),
      ...confext('c', { in: 'usr/lib/confexts' }),
      ...confext('d', { in: 'usr/lib/confexts' }),
      'run/confexts/d': directory(),
    },
    calls: ['list', 'merge'],
  },
  {
    ...CONFEXT,
    name: 'suffixes and versioned directories',
    since: 257,
    tree: {
      ...HOST,
      ...confext('a', { as: 'a.confext' }),
      ...confext('b', { as: 'b.sysext' }),
      ...confext('c', { as: 'c.confext.v/c_1.confext' }),
      ...confext('c', { as: 'c.confext.v/c_2.confext' }),
    },
    calls: ['list', 'merge'],
  },
  {
    ...CONFEXT,
    name: 'which fit',
    tree: {
      ...HOST,
      'usr/lib/os-release': `${DEBIAN}CONFEXT_LEVEL=2\nSYSEXT_LEVEL=1\n`,
      ...confext('version', { release: DEBIAN }),
      ...confext('another-version', { release: 'ID=debian\nVERSION_ID=12\n' }),
      ...confext('level', { release: 'ID=debian\nCONFEXT_LEVEL=2\n' }),
      ...confext('another-level', { release: `${DEBIAN}CONFEXT_LEVEL=1\n` }),
      ...confext('level-of-the-other-class', { release: 'ID=debian\nSYSEXT_LEVEL=1\n' }),
      ...confext('scope', { release: `${DEBIAN}CONFEXT_SCOPE="system initrd"\n` }),
      ...confext('another-scope', { release: `${DEBIAN}CONFEXT_SCOPE=portable\n` }),
      ...confext('scope-of-the-other-class', { release: `${DEBIAN}SYSEXT_SCOPE=initrd\n` }),
      ...confext('architecture', {
        release: `ID=_any\nARCHITECTURE=${arch() === 'arm64' ? 'arm64' : 'x86-64'}\n`,
      }),
      ...confext('another-architecture', { release: 'ID=_any\nARCHITECTURE=s390x\n' }),
      ...confext('no-release', { release: null }),
    },
    calls: ['merge', 'unmerge', 'merge --force'],
  },
  {
    ...CONFEXT,
    name: 'one with an os-release is not refused',
    tree: {
      ...HOST,
      ...confext('a', {
        files: { 'etc/a': 'a', 'usr/lib/os-release': DEBIAN, 'etc/os-release': 'ID=evil\n' },
      }),
    },
    calls: ['merge', 'refresh'],
  },
  {
    ...CONFEXT,
    name: 'a release file in /usr is not looked at',
    tree: { ...HOST, ...extension('a', { in: 'var/lib/confexts', files: { 'etc/a': 'a' } }) },
    calls: ['merge'],
  },
  {
    ...CONFEXT,
    name: 'files of other hierarchies are left out',
    tree: { ...HOST, ...confext('a', { files: { 'etc/a': 'a', 'usr/a': 'a', 'opt/a': 'a' } }) },
    calls: ['merge'],
  },
  {
    ...CONFEXT,
    name: 'mount flags',
    tree: { ...HOST, ...confext('a') },
    calls: ['merge', 'unmerge', 'merge --noexec=no', 'unmerge', 'merge --noexec=yes'],
  },
  {
    ...CONFEXT,
    name: 'order and precedence',
    tree: {
      ...HOST,
      ...confext('a2', { files: { 'etc/host.conf': 'a2' } }),
      ...confext('a10', { files: { 'etc/host.conf': 'a10' } }),
    },
    calls: ['merge'],
  },
  {
    ...CONFEXT,
    name: 'hierarchies from the environment',
    tree: { ...HOST, ...confext('a', { files: { 'etc/a': 'a', 'srv/a': 'a' } }) },
    calls: ['merge', 'unmerge'].map((args) => ({
      args,
      env: { SYSTEMD_CONFEXT_HIERARCHIES: '/srv', SYSTEMD_SYSEXT_HIERARCHIES: '/opt' },
    })),
  },
]);
