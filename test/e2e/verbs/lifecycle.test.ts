import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hang } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree } from '../../support/tree.js';
import { until } from '../../support/until.js';

const TREE = {
  ...HOST,
  'usr/share/shared': 'host\n',
  ...extension('first', { files: { 'usr/share/shared': 'first\n', 'opt/first': '1\n' } }),
  ...extension('second', { files: { 'usr/share/shared': 'second\n' } }),
};

describe.each([
  { propagation: 'shared', run: true },
  { propagation: 'shared', run: false },
  { propagation: 'private', run: true },
  { propagation: 'private', run: false },
] as const)('with $propagation mounts, /run a mount point: $run', (options) => {
  test('merge, status, list, refresh and unmerge do their work, and nothing is left', async () => {
    await onMachine({ ...options, tree: TREE }, async (machine) => {
      const before = machine.state();
      const { stdout: unmerged } = succeeded(await machine.call('status --json=short'));
      expect(unmerged).toBe(
        '[{"hierarchy":"/opt","extensions":[],"since":null,"images":[],"choice":null},{"hierarchy":"/usr","extensions":[],"since":null,"images":[],"choice":null}]\n',
      );
      expect(succeeded(await machine.call('list --no-legend')).stdout).toMatch(
        /^first +directory .*\nsecond +directory /,
      );
      await machine.expectState(before);

      expect(succeeded(await machine.call('merge')).stderr).toBe(
        `Using extensions 'first', 'second'.\nMerged extensions into '${machine.root}/usr'.\nMerged extensions into '${machine.root}/opt'.\n`,
      );
      expect(machine.read('usr/share/shared')).toBe('second\n');
      expect(machine.read('usr/bin/host')).toBe('from the host\n');
      expect(machine.read('opt/first')).toBe('1\n');
      // A process that is started now sees it, too.
      expect(await machine.namespace.must(['cat', `${machine.root}/opt/first`])).toBe('1\n');
      const { stdout: merged } = succeeded(await machine.call('status --json=short'));
      expect(merged).toMatch(
        /^\[\{"hierarchy":"\/opt","extensions":\["first","second"\],"since":\d{16},"images":\[\{"name":"first",.*\}\],"choice":null\},\{"hierarchy":"\/usr","extensions":\["first","second"\],"since":\d{16},"images":\[\{"name":"first",.*\}\],"choice":null\}\]\n$/,
      );
      expect(machine.state().run).toEqual(before.run);

      const shown = machine.state();
      expect(succeeded(await machine.call('refresh')).stderr).toContain('no change was found');
      await machine.expectState(shown);
      buildTree(machine.root, extension('third', { files: { 'opt/third': '3\n' } }));
      expect(succeeded(await machine.call('refresh')).stderr).toMatch(
        /^Using extensions 'first', 'second', 'third'\.\n(Unmerged .*\n){2}(Merged .*\n){2}$/,
      );
      expect(machine.read('opt/third')).toBe('3\n');
      expect(machine.mounts()).toHaveLength(2);

      expect(succeeded(await machine.call('unmerge')).stderr).toBe(
        `Unmerged '${machine.root}/usr'.\nUnmerged '${machine.root}/opt'.\n`,
      );
      expect(machine.read('opt/third')).toBeNull();
      expect(machine.state()).toMatchObject({ mounts: before.mounts, run: before.run });
      expect(succeeded(await machine.call('unmerge')).stderr).toBe('');
    });
  });
});

interface Elsewhere {
  readonly run: (...command: string[]) => Promise<string>;
  /** Mounts that have to do with a path. */
  readonly mounts: (path: string) => Promise<string[]>;
}

/** Does something beside a second mount namespace that mounts of the machine's reach, as with a service's own one. */
async function besideNamespace(
  { namespace, directory }: Machine,
  propagation: string,
  action: (elsewhere: Elsewhere) => Promise<void>,
): Promise<void> {
  const file = join(directory, 'holder');
  const script = `echo $$ >${file}; exec sleep 1000`;
  const holder = namespace.run(['unshare', '--mount', `--propagation=${propagation}`, 'sh', '-c', script]);
  const pid = await until('the namespace', () => existsSync(file) && Number(readFileSync(file, 'utf8')));
  const run: Elsewhere['run'] = (...command) =>
    namespace.must(['nsenter', `--target=${pid}`, '--mount', ...command]);
  try {
    await action({
      run,
      mounts: async (path) => {
        const table = await run('cat', '/proc/self/mountinfo');
        return table.split('\n').filter((line) => line.includes(path));
      },
    });
  } finally {
    process.kill(pid, 'SIGKILL');
    await holder;
  }
}

describe.each(['slave', 'unchanged'])('a namespace that gets mounts from here (%s)', (propagation) => {
  test('sees each merge come and go', async () => {
    await onMachine({ tree: TREE }, async (machine) => {
      const { root } = machine;
      await besideNamespace(machine, propagation, async ({ run, mounts }) => {
        succeeded(await machine.call('merge'));
        expect(await run('cat', `${root}/opt/first`, `${root}/usr/share/shared`)).toBe('1\nsecond\n');
        buildTree(root, extension('third', { files: { 'opt/third': '3\n' } }));
        succeeded(await machine.call('refresh'));
        expect(await run('cat', `${root}/opt/third`)).toBe('3\n');
        expect(await mounts(root)).toHaveLength(2);
        succeeded(await machine.call('unmerge'));
        expect(await mounts(root)).toEqual([]);
        expect(await run('ls', '/run')).toBe('');
      });
    });
  });

  test('sees nothing of a merge that is being built', async () => {
    await onMachine({ tree: TREE }, async (machine) => {
      await besideNamespace(machine, propagation, async ({ mounts }) => {
        const faults = machine.faults();
        // Lock, workspace, an overlay for each of two hierarchies: the next one would show the first of them.
        faults.plan({ 5: hang });
        const merge = machine.call('merge', { faults });
        await faults.reached(5);
        expect(faults.calls()[4]).toContain(' rbind ');
        expect(await mounts(' overlay sysext ')).toEqual([]);
        await faults.release();
        succeeded(await merge);
        expect(await mounts(' overlay sysext ')).toHaveLength(2);
      });
    });
  });
});
