import { DEBIAN, extension, HOST, sysextTree } from '../support/fixtures.js';
import { below, directory, file, symlink, type Tree } from '../support/tree.js';
import type { Scenario } from './scenario.js';
import { differential } from './suite.js';

const DIRECTORY = 'usr/lib/extension-release.d';

/** Extensions whose release file is not simply called after them: names, and what is in the directory of release files. */
const released = (
  name: string,
  extensions: Readonly<Record<string, Readonly<Record<string, Tree[string]>>>>,
  more: Partial<Scenario> = {},
): Scenario => ({
  name,
  tree: Object.assign(
    {},
    HOST,
    ...Object.entries(extensions).map(([title, releases]) =>
      extension(title, { release: null, files: { 'usr/share/x': title, ...below(DIRECTORY, releases) } }),
    ),
  ),
  calls: ['merge'],
  ...more,
});

const strict = (value: string): Tree[string] =>
  file(DEBIAN, { xattrs: { 'user.extension-release.strict': value } });

differential('the release file of an extension', [
  released(
    'none, or none that counts',
    {
      'is-missing': {},
      'its-directory-is-empty': { '.': directory() },
      'is-empty': { 'extension-release.is-empty': '' },
      'is-a-directory': { 'extension-release.is-a-directory': directory() },
      'has-another-name': { 'extension-release.other': DEBIAN },
      'is-called-os-release': { 'os-release': DEBIAN },
      'has-no-name': { 'extension-release.': strict('false') },
    },
    { calls: ['merge', 'unmerge', 'merge --force'] },
  ),
  released('symlinks', {
    relative: { 'extension-release.relative': symlink('../release'), '../release': DEBIAN },
    absolute: { 'extension-release.absolute': symlink('/usr/lib/release'), '../release': DEBIAN },
    dangling: { 'extension-release.dangling': symlink('/usr/lib/release') },
  }),
  released('one of another name that need not have this one', {
    'attribute-false': { 'extension-release.other': strict('false') },
    'attribute-0': { 'extension-release.other': strict('0') },
    'attribute-no': { 'extension-release.other': strict('no') },
    'attribute-off': { 'extension-release.other': strict('OFF') },
    'attribute-true': { 'extension-release.other': strict('true') },
    'attribute-1': { 'extension-release.other': strict('1') },
    'attribute-no-boolean': { 'extension-release.other': strict('perhaps') },
    'attribute-empty': { 'extension-release.other': strict('') },
    'two-candidates': { 'extension-release.one': strict('false'), 'extension-release.two': strict('false') },
    'beside-a-strict-one': { 'extension-release.other': strict('false'), 'extension-release.more': DEBIAN },
    'beside-the-exact-one': {
      'extension-release.other': strict('false'),
      'extension-release.beside-the-exact-one': 'ID=other\n',
    },
  }),
  released(
    'versions that are cut',
    {
      'dot_1.2': { 'extension-release.dot': DEBIAN },
      two_1_2: { 'extension-release.two': DEBIAN },
      'two-and-one_1_2': { 'extension-release.two-and-one_1': DEBIAN },
      'counter_1+3-1': { 'extension-release.counter': DEBIAN },
      'exact_1.2': { 'extension-release.exact_1.2': DEBIAN },
      'exact-first_1': {
        'extension-release.exact-first': 'ID=other\n',
        'extension-release.exact-first_1': DEBIAN,
      },
      shorter: { 'extension-release.shorter_1.2': DEBIAN },
      another_1: { 'extension-release.another_2': DEBIAN },
      'dash-1.2': { 'extension-release.dash': DEBIAN },
      'plus+3': { 'extension-release.plus': DEBIAN },
    },
    { since: 254 },
  ),
]);

differential('the release file of the host', [
  {
    name: '/etc before /usr/lib',
    tree: {
      ...HOST,
      'etc/os-release': 'ID=other\n',
      ...extension('a', { release: 'ID=other\n' }),
      ...extension('b', { release: DEBIAN }),
    },
    calls: ['merge'],
  },
  {
    name: '/etc/os-release is a relative symlink',
    tree: {
      ...HOST,
      'etc/os-release': symlink('../usr/lib/os-release'),
      ...extension('b', { release: DEBIAN }),
    },
    calls: ['merge'],
  },
  {
    name: '/etc/os-release is an absolute symlink',
    tree: {
      ...HOST,
      'etc/os-release': symlink('/usr/lib/os-release'),
      ...extension('b', { release: DEBIAN }),
    },
    calls: ['merge'],
  },
  {
    name: '/etc/os-release is a dangling symlink',
    tree: { ...HOST, 'etc/os-release': symlink('/gone'), ...extension('b', { release: DEBIAN }) },
    calls: ['merge'],
  },
  {
    name: '/etc/os-release is a directory',
    since: 254,
    tree: { ...HOST, 'etc/os-release': directory(), ...extension('b', { release: DEBIAN }) },
    calls: ['merge'],
  },
  {
    name: 'SYSTEMD_OS_RELEASE',
    since: 254,
    tree: {
      ...HOST,
      'srv/release': 'ID=other\n',
      ...extension('a', { release: 'ID=other\n' }),
      ...extension('b', { release: DEBIAN }),
    },
    calls: [
      { args: 'merge', env: { SYSTEMD_OS_RELEASE: '/srv/release' } },
      { args: 'refresh --always-refresh=yes', env: { SYSTEMD_OS_RELEASE: '/srv/gone' } },
      'unmerge',
      { args: 'merge', env: { SYSTEMD_OS_RELEASE: '/srv/gone' } },
      { args: 'merge', env: { SYSTEMD_OS_RELEASE: '' } },
    ],
  },
  {
    name: 'there is none',
    since: 254,
    tree: { 'usr/bin/x': 'x', ...extension('a') },
    calls: ['status', 'list', 'merge --force', 'refresh'],
  },
  {
    name: 'there is none, and no extension either',
    since: 254,
    tree: { 'usr/bin/x': 'x' },
    calls: ['refresh'],
  },
  {
    name: 'it has no ID',
    since: 254,
    tree: { 'usr/lib/os-release': 'NAME=x\nVERSION_ID=1\n', ...extension('a') },
    calls: ['status', 'merge', 'merge --force'],
  },
  {
    name: 'it is empty',
    since: 254,
    tree: { 'usr/lib/os-release': '', ...extension('a') },
    calls: ['merge'],
  },
]);

differential('several extensions, and content that is refused', [
  {
    name: 'none fits',
    tree: { ...HOST, ...extension('a', { release: 'ID=x\n' }), ...extension('b', { release: 'ID=y\n' }) },
    calls: [
      {
        args: 'merge',
        says: ['No suitable extensions found (2 ignored due to incompatible image(s)).'],
      },
      'refresh',
      'status',
    ],
  },
  {
    name: 'an extension with an os-release',
    since: 257,
    tree: { ...HOST, ...extension('a', { files: { 'usr/lib/os-release': DEBIAN } }), ...extension('b') },
    calls: [
      'list',
      { args: 'merge', differs: ['forbidden-os-release'], expects: { status: '0', metadata: '"b\\n"' } },
      { args: 'refresh', differs: ['forbidden-os-release'], expects: { status: '0', metadata: '"b\\n"' } },
      'unmerge',
      {
        args: 'merge --force',
        differs: ['forbidden-os-release'],
        expects: { status: '0', metadata: '"a\\nb\\n"' },
      },
      'unmerge',
    ],
  },
  {
    name: 'an extension with an os-release that is a symlink to nothing',
    tree: {
      ...HOST,
      ...extension('a', { files: { 'usr/lib/os-release': symlink('/nowhere') } }),
      ...extension('b'),
    },
    calls: [
      { args: 'merge', differs: ['dangling-os-release'], expects: { status: '0', metadata: '"b\\n"' } },
      'unmerge',
    ],
  },
  {
    name: 'only an extension with an os-release',
    since: 257,
    tree: { ...HOST, ...extension('a', { files: { 'usr/lib/os-release': DEBIAN } }) },
    calls: [
      { args: 'merge', differs: ['forbidden-os-release'], expects: { status: '0', mounts: /^$/ } },
      'unmerge',
      {
        args: 'merge --force',
        differs: ['forbidden-os-release'],
        expects: { status: '0', metadata: '"a\\n"' },
      },
      'unmerge',
    ],
  },
  {
    name: 'an extension with an os-release in /etc',
    tree: { ...HOST, ...extension('a', { files: { 'usr/share/a': 'a', 'etc/os-release': DEBIAN } }) },
    calls: ['merge', 'unmerge', 'merge --force'],
  },
  {
    name: 'an extension with nothing but a release file',
    tree: { ...HOST, ...below('var/lib/extensions/a', sysextTree('a')) },
    calls: ['merge'],
  },
]);
