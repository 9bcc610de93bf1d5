import type { FindingCode } from '../../src/check/codes.js';
import type { ELF_CODES } from '../../src/check/elf/codes.js';
import { directory, fifo, file, symlink, type Tree } from '../support/tree.js';
import type { CheckCase } from './checked.js';

const RELEASE = 'usr/lib/extension-release.d/extension-release.foo';
const UNITS = 'usr/lib/systemd/system';

/** An image without any flaw, but for what is added. */
export const image = (more: Tree = {}, release = 'ID=_any\nEXTENSION_RELOAD_MANAGER=1\n'): Tree => ({
  [RELEASE]: release,
  'usr/bin/foo': file('#!/bin/sh\n', { mode: 0o755 }),
  ...more,
});

const confext = (more: Tree = {}, release = 'ID=_any\n'): Tree => ({
  'etc/extension-release.d/extension-release.foo': release,
  'etc/foo.conf': '',
  ...more,
});

const service = (lines: string) => file(`[Service]\n${lines}\n`);

/** Those about ELF files have tests of their own, with files that are made for them. */
export type OwnCode = Exclude<FindingCode, keyof typeof ELF_CODES>;

/** For each code an image that has it, and where; the pages in docs/findings show what is said of the first. */
export const CASES: Readonly<Record<OwnCode, readonly (CheckCase & { readonly at: string | null })[]>> = {
  'bad-image-name': [{ name: 'foo\n', tree: image(), at: null }],
  'no-release-file': [
    { tree: { 'usr/bin/foo': '' }, at: null },
    { name: 'bar', tree: image(), at: null },
    { class: 'confext', tree: image(), at: null },
  ],
  'ambiguous-release-file': [
    {
      tree: image(),
      release: { kind: 'ambiguous', candidates: ['extension-release.bar', 'extension-release.baz'] },
      at: '/usr/lib/extension-release.d',
    },
  ],
  'empty-release-file': [{ tree: image({}, '# nothing\n'), at: `/${RELEASE}` }],
  'unreadable-release-file': [
    { tree: { 'usr/bin/foo': '', [RELEASE]: fifo() }, at: `/${RELEASE}` },
    { tree: { 'usr/bin/foo': '', [RELEASE]: symlink('extension-release.foo') }, at: `/${RELEASE}` },
  ],
  'release-file-syntax': [{ tree: image({}, 'ID=_any\nVERSION 13\n'), at: `/${RELEASE}` }],
  'no-id': [{ tree: image({}, 'VERSION_ID=13\n'), at: `/${RELEASE}` }],
  'no-version': [{ tree: image({}, 'ID=debian\n'), at: `/${RELEASE}` }],
  'unknown-architecture': [
    { tree: image({}, 'ID=_any\nARCHITECTURE=amd64\n'), at: `/${RELEASE}` },
    { tree: image({}, 'ID=_any\nARCHITECTURE=pdp11\n'), at: `/${RELEASE}` },
  ],
  'unknown-scope': [
    { tree: image({}, 'ID=_any\nSYSEXT_SCOPE="system host"\n'), at: `/${RELEASE}` },
    { tree: image({}, 'ID=_any\nSYSEXT_SCOPE=\n'), at: `/${RELEASE}` },
  ],
  'wrong-class-field': [{ tree: image({}, 'ID=_any\nCONFEXT_LEVEL=1\n'), at: `/${RELEASE}` }],
  'bad-reload-field': [
    { tree: image({}, 'ID=_any\nEXTENSION_RESTART_UNITS=foo\n'), at: `/${RELEASE}` },
    { tree: image({}, 'ID=_any\nEXTENSION_RELOAD_MANAGER=maybe\n'), at: `/${RELEASE}` },
  ],
  'does-not-fit-host': [
    { tree: image({}, 'ID=debian\nVERSION_ID=12\n'), host: {}, at: `/${RELEASE}` },
    { tree: image({}, 'ID=debian\n'), host: {}, at: `/${RELEASE}` },
    { tree: image({}, 'ID=fedora\nVERSION_ID=43\n'), host: {}, at: `/${RELEASE}` },
  ],
  'os-release-inside': [
    { tree: image({ 'usr/lib/os-release': 'ID=x\n' }), at: '/usr/lib/os-release' },
    { tree: image({ 'usr/lib/os-release': symlink('os-release') }), at: '/usr/lib/os-release' },
    { class: 'confext', tree: confext({ 'etc/os-release': 'ID=x\n' }), at: '/etc/os-release' },
  ],
  'version-sorts-wrong': [
    { name: 'foo_1.0-rc1', tree: image(), at: null },
    { name: 'foo_v2', tree: image(), at: null },
  ],
  'outside-hierarchies': [
    { tree: image({ 'etc/ssh/key': '', 'etc/shadow': '' }), at: '/etc' },
    { tree: image({ README: '' }), at: '/README' },
    { class: 'confext', tree: confext({ 'usr/bin/foo': '' }), at: '/usr' },
  ],
  'hierarchy-not-directory': [
    { tree: { usr: symlink('system'), 'system/bin/foo': '' }, at: '/usr' },
    { tree: image({ opt: '' }), at: '/opt' },
  ],
  'nothing-to-merge': [{ tree: { [RELEASE]: 'ID=_any\n', 'usr/bin': directory() }, at: null }],
  'unreadable-entry': [
    { tree: image(), unreadable: [{ path: '/usr/deep', code: 'ENAMETOOLONG' }], at: '/usr/deep' },
  ],
  'too-many-entries': [{ tree: image(), limit: 3, at: null }],
  'name-not-utf8': [
    {
      tree: image({ 'usr/caf\ufffd': '' }),
      pretend: { '/usr/caf\ufffd': { isUtf8: false } },
      at: '/usr/caf\ufffd',
    },
  ],
  'wrong-owner': [
    { tree: image(), pretend: { '/usr/bin/foo': { uid: 1000, gid: 1000 } }, at: '/usr/bin/foo' },
  ],
  'writable-by-all': [
    { tree: image({ 'usr/share/foo': directory({ mode: 0o777 }) }), at: '/usr/share/foo' },
    { tree: image({ 'usr/bin/bar': file('', { mode: 0o666 }) }), at: '/usr/bin/bar' },
  ],
  'closed-directory': [
    {
      tree: image({ 'usr/bin': directory({ mode: 0o700 }) }),
      host: { 'usr/bin': directory() },
      at: '/usr/bin',
    },
    { tree: image({ 'usr/share/foo': directory({ mode: 0o750 }) }), at: '/usr/share/foo' },
  ],
  'set-user-id': [
    { tree: image({ 'usr/bin/su': file('', { mode: 0o4755 }) }), at: '/usr/bin/su' },
    { tree: image({ 'usr/bin/wall': file('', { mode: 0o2755 }) }), at: '/usr/bin/wall' },
  ],
  'device-file': [
    {
      tree: image({ 'usr/lib/disk': '' }),
      pretend: { '/usr/lib/disk': { type: 'block', rdev: 2048 } },
      at: '/usr/lib/disk',
    },
  ],
  whiteout: [
    {
      tree: image({ 'usr/bin/vi': '' }),
      pretend: { '/usr/bin/vi': { type: 'character', rdev: 0 } },
      at: '/usr/bin/vi',
    },
  ],
  'special-file': [{ tree: image({ 'usr/lib/foo.fifo': fifo() }), at: '/usr/lib/foo.fifo' }],
  'shared-index': [
    { tree: image({ 'usr/lib/modules/6.12/modules.dep': '' }), at: '/usr/lib/modules/6.12/modules.dep' },
    {
      tree: image({ 'usr/lib/modules/6.12/modules.dep': '' }),
      host: { 'usr/lib/modules/6.12/modules.dep': '' },
      at: '/usr/lib/modules/6.12/modules.dep',
    },
    {
      tree: image({ 'usr/share/glib-2.0/schemas/gschemas.compiled': '' }),
      at: '/usr/share/glib-2.0/schemas/gschemas.compiled',
    },
    { class: 'confext', tree: confext({ 'etc/passwd': '' }), at: '/etc/passwd' },
  ],
  'type-conflict': [
    { tree: image({ 'usr/sbin/food': '' }), host: { 'usr/sbin': symlink('bin') }, at: '/usr/sbin' },
    { tree: image({ 'usr/lib64': symlink('lib') }), host: { 'usr/lib64/libc.so.6': '' }, at: '/usr/lib64' },
  ],
  'dangling-symlink': [
    { tree: image({ 'usr/bin/vi': symlink('vim.basic') }), host: {}, at: '/usr/bin/vi' },
    { tree: image({ 'usr/bin/vi': symlink('vim.basic') }), at: '/usr/bin/vi' },
  ],
  'symlink-loop': [
    { tree: image({ 'usr/lib/a': symlink('b'), 'usr/lib/b': symlink('a') }), at: '/usr/lib/a' },
  ],
  'absolute-symlink': [{ tree: image({ 'usr/sbin/food': symlink('/usr/bin/foo') }), at: '/usr/sbin/food' }],
  'link-out-of-image': [
    { tree: image({ 'usr/lib/foo': symlink('../../../usr/bin/foo') }), at: '/usr/lib/foo' },
  ],
  'link-to-unmerged': [
    {
      tree: image({
        'usr/bin/vi': symlink('/etc/alternatives/vi'),
        'etc/alternatives/vi': symlink('/usr/bin/foo'),
      }),
      host: {},
      at: '/usr/bin/vi',
    },
  ],
  'unit-unreadable': [
    { tree: image({ [`${UNITS}/foo.service`]: fifo() }), at: `/${UNITS}/foo.service` },
    { tree: image({ [`${UNITS}/foo.service.d/a.conf`]: directory() }), at: `/${UNITS}/foo.service.d/a.conf` },
  ],
  'unit-not-started': [
    {
      tree: image({
        [`${UNITS}/foo.service`]: service('ExecStart=/usr/bin/foo\n[Install]\nWantedBy=multi-user.target'),
      }),
      at: `/${UNITS}/foo.service`,
    },
    {
      tree: image({
        [`${UNITS}/foo.service`]: service('ExecStart=/usr/bin/foo'),
        [`${UNITS}/multi-user.target.wants/foo.service`]: symlink('../foo.service'),
      }),
      at: `/${UNITS}/foo.service`,
    },
  ],
  'no-manager-reload': [{ tree: image({ [`${UNITS}/foo.socket`]: '' }, 'ID=_any\n'), at: `/${RELEASE}` }],
  'unknown-unit': [
    { tree: image({}, 'ID=_any\nEXTENSION_RESTART_UNITS=food.service\n'), host: {}, at: `/${RELEASE}` },
  ],
  'exec-missing': [
    {
      tree: image({ [`${UNITS}/foo.service`]: service('ExecStart=/usr/bin/food --on') }),
      host: {},
      at: `/${UNITS}/foo.service`,
    },
    {
      tree: image({ [`${UNITS}/foo.service`]: service('ExecStart=/usr/bin/food --on') }),
      at: `/${UNITS}/foo.service`,
    },
  ],
  'exec-not-executable': [
    {
      tree: image({ [`${UNITS}/foo.service`]: service('ExecStart=/usr/bin/bar'), 'usr/bin/bar': '' }),
      at: `/${UNITS}/foo.service`,
    },
    {
      class: 'confext',
      tree: confext({
        'etc/systemd/system/foo.service': service('ExecStart=/etc/foo'),
        'etc/foo': file('', { mode: 0o755 }),
      }),
      at: '/etc/systemd/system/foo.service',
    },
  ],
};
