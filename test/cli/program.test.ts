import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
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
  });
  return { status, stdout, stderr };
}

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const unprivileged = process.geteuid?.() === 0 ? AS_NOBODY : [];

/** Every class of errors in src/cli, each told in one line, with exit status 1. */
test.each<[string, readonly string[], Settings, RegExp]>([
  ['UsageError', ['--frce'], {}, /^Unknown option '--frce', did you mean '--force'\?$/],
  ['UsageError', ['\x1b[31m'], {}, /^Unknown command verb '\\x1b\[31m', did you mean/],
  [
    'RootError',
    ['--root=/no-such-dir\n'],
    {},
    /^Failed to open root directory '\/no-such-dir\\n': there is no such/,
  ],
  [
    'RootError',
    ['--root=/proc/version'],
    {},
    /^Failed to open root directory '\/proc\/version': it is not a directory/,
  ],
  [
    'EnvironmentError',
    ['status'],
    { env: { SYSTEMD_SYSEXT_HIERARCHIES: 'usr\n' } },
    /^Failed to use SYSTEMD_SYSEXT_HIERARCHIES=usr\\n: it must be absolute paths, separated by colons\.$/,
  ],
  ['NotPrivilegedError', ['merge'], { through: unprivileged }, /^Need to be privileged\. Run it as root/],
])('%s: %j', (_, args, settings, message) => {
  const { status, stdout, stderr } = sysext(args, settings);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr.trimEnd()).toMatch(message);
});

test('a root that is a circle of symlinks is not told to be missing', () => {
  expect(sysext([`--root=${join(root, 'loop')}`, 'status']).stderr).not.toContain(
    'there is no such directory',
  );
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

test.each([[['-h', 'x']], [['help']]])('the help: %j', (args) => {
  const { status, stdout, stderr } = sysext(args);
  expect([status, stderr]).toEqual([0, '']);
  for (const word of ['merge', 'unmerge', 'refresh', '--root=PATH', '--lock-timeout=SECONDS', '-h, --help'])
    expect(stdout).toContain(word);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('the help is in English as a whole, whatever the language', () => {
  expect(sysext(['help'], { env: { LC_ALL: 'de_DE.UTF-8' } }).stdout).toMatch(/^Commands:$/m);
});

test('confext is the other class', () => {
  const { stdout } = spawnSync(
    process.execPath,
    [sources.program.replace(basename(sources.program), 'confext'), '-h'],
    {
      encoding: 'utf8',
    },
  );
  expect(stdout).toContain('/etc');
});

test('a reader that has gone is no error', () => {
  const { status } = sysext([`--root=${root}`], { through: ['sh', '-c', '"$@" | true; exit 0', 'sh'] });
  expect(status).toBe(0);
});
