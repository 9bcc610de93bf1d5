import { cpSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { extension, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, isStandalone, programCommand } from '../../support/program.js';
import { directory, type Tree } from '../../support/tree.js';

/** Programs and libraries are the machine's, the rest is the root's own. */
const BORROWED = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  dirname(process.execPath),
  checkoutOf(programCommand()),
];

const TREE: Tree = {
  'etc/os-release': 'ID=debian\n',
  opt: directory(),
  proc: directory(),
  dev: directory(),
  sys: directory(),
  run: directory(),
  tmp: directory({ mode: 0o1777 }),
  ...extension('a', { files: { 'opt/a': 'a\n' } }),
};

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;

asRoot('in a chroot, whose root is no mount point', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await Machine.open({ tree: TREE });
    for (const path of new Set(BORROWED)) await borrow(path);
    await bind('/dev', 'dev');
  });
  afterEach(() => machine.close());

  async function bind(from: string, to: string): Promise<void> {
    mkdirSync(join(machine.root, to), { recursive: true });
    await machine.namespace.must(['mount', '--bind', from, join(machine.root, to)]);
  }

  /** A directory by mounting it, a symlink (`/bin`) by copying it, and nothing that is below another one. */
  async function borrow(path: string): Promise<void> {
    const status = lstatSync(path, { throwIfNoEntry: false });
    if (status?.isSymbolicLink()) cpSync(path, join(machine.root, path), { verbatimSymlinks: true });
    else if (status !== undefined && !path.startsWith('/usr/')) await bind(path, path);
  }

  const proc = () => machine.namespace.must(['mount', '-t', 'proc', 'proc', join(machine.root, 'proc')]);
  const call = (...words: string[]): Promise<Finished> =>
    machine.namespace.run(['chroot', machine.root, ...programCommand(), ...words], {
      env: { ...ENVIRONMENT, SYSTEMD_SYSEXT_HIERARCHIES: '/opt' },
    });

  const overlays = () => machine.mounts().filter(({ type }) => type === 'overlay').length;
  const workspaces = () => readdirSync(machine.at('run'), { recursive: true });

  test('directories and images are merged into /opt, refreshed and unmerged', async () => {
    await proc();
    await bind('/sys', 'sys');
    machine.addImage(
      'squashfs',
      'var/lib/extensions/image.raw',
      sysextTree('image', { files: { 'opt/image': 'image\n' } }),
    );
    expect(succeeded(await call('merge')).stderr).toBe(
      "Using extensions 'a', 'image.raw'.\nMerged extensions into '/opt'.\n",
    );
    expect(machine.read('opt/a')).toBe('a\n');
    expect(machine.read('opt/image')).toBe('image\n');
    expect(succeeded(await call('status', '--no-legend')).stdout).toMatch(/^\/opt a .*\n +image *\n$/);
    succeeded(await call('refresh', '--always-refresh=yes'));
    expect(overlays()).toBe(1);
    expect(succeeded(await call('unmerge')).stderr).toBe("Unmerged '/opt'.\n");
    expect(overlays()).toBe(0);
    expect(workspaces()).toEqual([]);
  });

  test('it is the same root as --root= from outside', async () => {
    await proc();
    succeeded(await call('merge'));
    const options = { env: { SYSTEMD_SYSEXT_HIERARCHIES: '/opt' } };
    expect(succeeded(await machine.call('status --no-legend', options)).stdout).toMatch(/^\/opt a /);
    expect(succeeded(await machine.call('refresh', options)).stderr).toContain('no change was found');
    succeeded(await machine.call('unmerge', options));
    expect(overlays()).toBe(0);
  });

  test('without /proc it works, or says what is missing before it has changed anything', async () => {
    const finished = await call('merge');
    if (finished.status === 0) {
      expect(machine.read('opt/a')).toBe('a\n');
      expect(succeeded(await call('status', '--no-legend')).stdout).toMatch(/^\/opt a /);
      succeeded(await call('refresh', '--always-refresh=yes'));
      succeeded(await call('unmerge'));
    } else if (!isStandalone()) {
      expect(failedWith(finished)).toContain('/proc');
    }
    expect(overlays()).toBe(0);
    expect(workspaces()).toEqual([]);
  });
});

/** The directory that has to be there for a command to run: for a script, that of the whole project. */
function checkoutOf(command: readonly string[]): string {
  const file = command.at(-1)!;
  return command.length === 1 ? dirname(file) : dirname(dirname(file));
}
