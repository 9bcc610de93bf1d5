import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';
import { buildTree, directory, symlink } from '../support/tree.js';

let sources: CompiledSources;
let root: string;
beforeAll(() => {
  sources = compileSources();
  root = realpathSync(mkdtempSync(join(tmpdir(), 'program-')));
  chmodSync(root, 0o755);
  buildTree(root, { usr: directory(), 'etc/os-release': 'ID=x\n', loop: symlink('loop') });
});
afterAll(() => {
  sources.remove();
  rmSync(root, { recursive: true });
});

interface Settings {
  readonly env?: Readonly<Record<string, string>>;
  readonly through?: readonly string[];
}

function sysext(args: readonly string[], { env = {}, through = [] }: Settings = {}) {
  const [program, ...rest] = [...through, process.execPath, sources.program, ...args] as [
    string,
    ...string[],
  ];
  const { status, stdout, stderr } = spawnSync(program, rest, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
    cwd: root,
  });
  return { status, stdout, stderr };
}

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const unprivileged = process.geteuid?.() === 0 ? AS_NOBODY : [];

/** Every class of errors in src/cli, each told in one line, with exit status 1. */
test.each<[string, readonly string[], Settings, RegExp]>([
  ['UsageError', ['\x1b[31m'], {}, /^Unknown command verb '\\x1b\[31m', did you mean/],
  [
    'RootError',
    ['--root=/no-such-dir\n'],
    {},
    /^Failed to open root directory '\/no-such-dir\\n': no such file or directory\.$/,
  ],
  ['RootError', ['--root=loop'], {}, /^Failed to open root directory 'loop': too many symbolic links/],
  [
    'EnvironmentError',
    ['status'],
    { env: { SYSTEMD_SYSEXT_HIERARCHIES: 'usr\n' } },
    /^Failed to use SYSTEMD_SYSEXT_HIERARCHIES=usr\\n: it must be absolute paths below \/, separated by colons\.$/,
  ],
  [
    'NoSuchImageError',
    ['inspect', 'x\x1b'],
    {},
    /^There is no file 'x\\x1b', and no installed image of that name; .* 'list'\.$/,
  ],
  ['NoSuchImageError', ['inspect', '/dev/null'], {}, /^'\/dev\/null' is neither a directory, a regular file/],
  ['NotPrivilegedError', ['merge'], { through: unprivileged }, /^Need to be privileged\. Run it as root/],
])('%s: %j', (_, args, settings, message) => {
  const { status, stdout, stderr } = sysext(args, settings);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr.trimEnd()).toMatch(message);
});

test('reading verbs need no privileges', () => {
  const settings = { through: unprivileged };
  expect(sysext([`--root=${root}`], settings)).toEqual({
    status: 0,
    stdout: 'HIERARCHY EXTENSIONS SINCE\n/usr      -          -\n',
    stderr: '',
  });
  expect(sysext([`--root=${root}`, 'list'], settings)).toEqual({
    status: 0,
    stdout: '',
    stderr: 'No OS extensions found.\n',
  });
  expect(sysext([`--root=${root}`, 'list', '--json=short'], settings).stdout).toBe('[]\n');
});

test('the version', () => {
  const { stdout, status } = sysext(['--version']);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^sysext \d+\.\d+\.\d+\n$/)]);
});

test('the choices of an option', () => {
  expect(sysext(['--json=help']).stdout).toBe('pretty\nshort\noff\n');
});

test('the help, in English whatever the language', () => {
  const { status, stdout, stderr } = sysext(['help'], { env: { LC_ALL: 'de_DE.UTF-8' } });
  expect([status, stderr]).toEqual([0, '']);
  for (const word of ['merge', 'unmerge', 'refresh', '--root=PATH', '--lock-timeout=SECONDS', '-h, --help'])
    expect(stdout).toContain(word);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  expect(stdout).toMatch(/^Commands:$/m);
});

test('confext is the other class', () => {
  const program = join(dirname(sources.program), 'confext');
  const { stdout } = spawnSync(process.execPath, [program, '-h', 'x'], { encoding: 'utf8' });
  expect(stdout).toContain('/etc');
});

test('a reader that has gone is no error', () => {
  const { status } = sysext([`--root=${root}`], { through: ['sh', '-c', '"$@" | true; exit 0', 'sh'] });
  expect(status).toBe(0);
});
