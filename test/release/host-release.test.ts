import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostArchitecture } from '../../src/host/architecture.js';
import { HostReleaseError, readHostRelease } from '../../src/release/host-release.js';
import { buildTree, directory, fifo, symlink, type Tree } from '../support/tree.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'host-release-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function read(tree: Tree, env: NodeJS.ProcessEnv = {}) {
  buildTree(root, tree);
  return readHostRelease(root, env);
}

function failure(tree: Tree, env: NodeJS.ProcessEnv = {}): HostReleaseError {
  try {
    read(tree, env);
  } catch (error) {
    if (error instanceof HostReleaseError) return error;
    throw error;
  }
  throw new Error('no error');
}

test('/etc/os-release comes first', () => {
  const host = read({ 'etc/os-release': 'ID=a\ngarbage\n', 'usr/lib/os-release': 'ID=b\n' });
  expect(host).toEqual({
    path: join(root, 'etc/os-release'),
    fields: new Map([['ID', 'a']]),
    problems: [{ line: 2, text: 'garbage', kind: 'no-assignment' }],
    architecture: hostArchitecture(),
    scope: 'system',
  });
});

test.each([
  ['is missing', {}],
  ['is a dangling symlink', { 'etc/os-release': symlink('nowhere') }],
  ['leads out of the root to nothing inside', { 'etc/os-release': symlink('/proc/version') }],
])('/usr/lib/os-release counts if /etc/os-release %s', (_, tree: Tree) => {
  expect(read({ 'usr/lib/os-release': 'ID=b\n', ...tree }).path).toBe(join(root, 'usr/lib/os-release'));
});

test('a symlink starts at the root again', () => {
  const host = read({ 'etc/os-release': symlink('/usr/lib/os-release'), 'usr/lib/os-release': 'ID=b\n' });
  expect([host.path, host.fields.get('ID')]).toEqual([join(root, 'etc/os-release'), 'b']);
});

test.each(['/usr/alternative', 'usr/alternative', '/../usr/alternative'])(
  '$SYSTEMD_OS_RELEASE %s is looked up below the root',
  (place) => {
    const host = read(
      { 'usr/alternative': 'ID=c\n', 'etc/os-release': 'ID=a\n' },
      { SYSTEMD_OS_RELEASE: place },
    );
    expect(host.fields.get('ID')).toBe('c');
  },
);

test('nothing else is looked at if $SYSTEMD_OS_RELEASE is missing', () => {
  const error = failure({ 'etc/os-release': 'ID=a\n' }, { SYSTEMD_OS_RELEASE: '/nowhere' });
  expect(error).toMatchObject({ kind: 'missing', paths: [join(root, 'nowhere')] });
});

test('a tree that is no operating system', () => {
  expect(failure({})).toMatchObject({
    kind: 'missing',
    paths: [join(root, 'etc/os-release'), join(root, 'usr/lib/os-release')],
  });
});

test.each([
  ['not there', 'NAME=x\n'],
  ['empty', 'ID=a\nID=""\n'],
  ['behind a byte order mark', '\ufeffID=a\n'],
])('an ID that is %s', (_, text) => {
  const error = failure({ 'etc/os-release': text, 'usr/lib/os-release': 'ID=b\n' });
  expect(error).toMatchObject({ kind: 'no-id', paths: [join(root, 'etc/os-release')] });
});

test.each([
  ['a directory', { 'etc/os-release': directory() }, 'NotRegularFileError'],
  ['a FIFO', { 'etc/os-release': fifo() }, 'NotRegularFileError'],
  ['symlinks in a circle', { 'etc/os-release': symlink('os-release') }, 'TooManySymlinksError'],
])('%s cannot be read, and the cause is told', (_, tree: Tree, cause) => {
  const error = failure({ ...tree, 'usr/lib/os-release': 'ID=b\n' });
  expect(error).toMatchObject({ kind: 'unreadable', paths: [join(root, 'etc/os-release')] });
  expect((error.cause as Error).constructor.name).toBe(cause);
});

test('an empty $SYSTEMD_OS_RELEASE is the root itself, which cannot be read', () => {
  expect(failure({}, { SYSTEMD_OS_RELEASE: '' }).kind).toBe('unreadable');
});

test('an initrd is told by its release file; a dangling symlink is none', () => {
  expect(read({ 'etc/os-release': 'ID=a\n', 'etc/initrd-release': symlink('nowhere') }).scope).toBe('system');
  expect(read({ 'etc/nowhere': 'ID=a\n' }).scope).toBe('initrd');
});
