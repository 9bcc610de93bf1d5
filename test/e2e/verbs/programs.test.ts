import type { FaultyPath } from '../../support/fault.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { whyNoStrace } from '../../support/system-calls.js';

/** A number of extensions for both hierarchies, so that nothing is done for each of them unnoticed. */
const COUNT = 10;
const both = (name: string) => ({ [`usr/share/${name}`]: `${name}\n`, [`opt/${name}`]: `${name}\n` });

let machine: Machine;
let faults: FaultyPath;
beforeEach(async () => {
  const names = Array.from({ length: COUNT }, (_, number) => `dir${number}`);
  const extensions = names.map((name) => extension(name, { files: both(name) }));
  machine = await Machine.open({ tree: Object.assign({}, HOST, ...extensions) });
  faults = machine.faults();
});
afterEach(() => machine.close());

/** The programs that a call starts, as they are counted by stand-ins in `PATH`. */
async function programsOf(words: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  faults.plan({});
  succeeded(await machine.call(words, { faults, env }));
  return faults.calls().map((call) => call.split(' ', 1)[0]!);
}

/** With system calls as usual. */
const DIRECT = { SYSEXT_PREFER_PROGRAMS: '' };

test('directories are merged, refreshed and unmerged without any program', async () => {
  for (const words of ['merge', 'status', 'list', 'refresh --always-refresh=yes', 'refresh', 'unmerge'])
    expect({ words, programs: await programsOf(words, DIRECT) }).toEqual({ words, programs: [] });
});

test('with programs there is one for each step, however many extensions there are', async () => {
  const count = async (words: string) => (await programsOf(words, {})).length;
  // The lock, the workspace, two overlays, two hierarchies, the end of the workspace.
  expect(await count('merge')).toBe(7);
  expect(await count('status')).toBe(0);
  expect(await count('list')).toBe(0);
  // The lock, the workspace, the directory above, two overlays, two merges kept, one umount(8) for both, the end.
  expect(await count('refresh --always-refresh=yes')).toBe(9);
  // The lock, the workspace in which images would be mounted, and the end of it.
  expect(await count('refresh')).toBe(3);
  // The lock, one umount(8) for both.
  expect(await count('unmerge')).toBe(2);
});

const reason = whyNoStrace();
(reason === null ? test : test.skip).each([
  ['flock', 'merge', 'flock'],
  ['mount', 'merge', 'mount'],
  ['umount2', 'unmerge', 'umount'],
] as const)('where the system call %s fails, %s calls %s(8) for it', async (call, verb, program) => {
  if (verb === 'unmerge') succeeded(await machine.call('merge'));
  faults.plan({});
  const under = [
    'strace',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:error=EPERM:when=1`,
  ];
  succeeded(await machine.call(verb, { under, faults, env: DIRECT }));
  expect(faults.calls().map((line) => line.split(' ', 1)[0])).toEqual([program]);
  expect(machine.mounts()).toHaveLength(verb === 'merge' ? 2 : 0);
});

(process.getuid?.() === 0 ? test : test.skip)('all images are mounted by one mount(8)', async () => {
  for (let number = 0; number < 5; number++) {
    const name = `image${number}`;
    machine.addImage('squashfs', `var/lib/extensions/${name}.raw`, sysextTree(name, { files: both(name) }));
  }
  expect(await programsOf('merge', DIRECT)).toEqual(['mount']);
  expect(await programsOf('list --json=short', DIRECT)).toEqual([]);
  expect(await programsOf('refresh --always-refresh=yes', DIRECT)).toEqual(['mount']);
  expect(await programsOf('unmerge', DIRECT)).toEqual([]);
});
