import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativeArchitecture } from '../../../src/host/architecture.js';
import { typeOf } from '../../support/disk-images.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree, directory, FIXED_TIME, type Tree } from '../../support/tree.js';
import { until } from '../../support/until.js';
import { addDdi, addDisk, filesOf, PLACE, whyNoDdis } from '../images/ddi.js';

export const VERBS = ['merge', 'refresh', 'unmerge'] as const;
export type Verb = (typeof VERBS)[number];

/** There is another way to copy a directory, and to put a mount beneath another one, which is taken if that fails. */
export const hasOtherWay = (call: string): boolean =>
  [/ -o bind --make-private /, /^mount --help$/, / -o bind \S+ \S+\/peer-\w+$/, / -o move /].some((pattern) =>
    pattern.test(call),
  );

const both = (name: string): Tree => ({
  [`usr/share/${name}`]: `${name}\n`,
  [`opt/${name}`]: `${name}\n`,
});

/** The extension that comes and goes, so that each refresh has something to do. */
const LATER = extension('later', { files: both('later') });
const pathOfLater = (machine: Machine): string => join(machine.root, 'var/lib/extensions/later');

/** Disk images, made once: one with a hash tree, and one with a usr partition beside the root partition. */
const DISKS: Record<
  string,
  { path: string; make: (machine: Machine, path: string) => unknown; bytes?: Buffer }
> = {
  safe: {
    path: `${PLACE}/safe.raw`,
    make: (machine, path) => addDdi(machine, path, filesOf('safe'), { verity: true }),
  },
  parts: {
    path: `${PLACE}/parts.raw`,
    make: (machine, path) =>
      addDisk(machine, path, [
        { files: { usr: directory(), 'opt/parts': 'parts\n' } },
        {
          type: typeOf('usr', 'data', nativeArchitecture()),
          files: { 'lib/extension-release.d/extension-release.parts': 'ID=_any\n', 'share/parts': 'parts\n' },
        },
      ]),
  },
};

/** The loop devices of a merge: one for each file system. */
const LOOPS = whyNoDdis() === null ? 4 : 1;

function addDisks(machine: Machine): void {
  if (whyNoDdis() !== null) return;
  for (const disk of Object.values(DISKS)) {
    const file = join(machine.root, disk.path);
    if (disk.bytes === undefined) {
      disk.make(machine, disk.path);
      disk.bytes = readFileSync(file);
    } else writeFileSync(file, disk.bytes);
    utimesSync(file, FIXED_TIME, FIXED_TIME);
  }
}

/** What is not as it mostly is. */
export interface Surroundings {
  readonly propagation?: 'shared' | 'private';
  readonly environment?: (machine: Machine) => Readonly<Record<string, string>>;
  /** Calls the program, and says at what something can go wrong; without it, at external commands. */
  readonly observe?: (machine: Machine, verb: Verb) => Promise<readonly string[]>;
}

/** A machine with a directory and images, and each has something for both hierarchies. */
async function openMachine({ propagation = 'shared' }: Surroundings): Promise<Machine> {
  const machine = await Machine.open({
    propagation,
    tree: { ...HOST, ...extension('dir', { files: both('dir') }) },
  });
  // As on a machine with systemd; what becomes of it where there is none is told by lock/traces.test.ts.
  await machine.namespace.must(['mkdir', '/run/systemd']);
  // Without times in it, each image is the same.
  const args = ['-mkfs-time', '0', '-all-time', '0'];
  const files = sysextTree('image', { files: both('image') });
  machine.addImage('squashfs', 'var/lib/extensions/image.raw', files, { args });
  addDisks(machine);
  return machine;
}

/** Hierarchies with a mount. */
export const hierarchiesOf = (machine: Machine): string[] =>
  machine
    .mounts()
    .map(({ mountPoint }) => mountPoint.slice(machine.root.length))
    .sort();

/** Brings a machine on which nothing is left half done to where there is something to do for a verb. */
async function begin(verb: Verb, machine: Machine): Promise<void> {
  const isMerged = hierarchiesOf(machine).length > 0;
  if (verb === 'merge') {
    for (const { mountPoint } of machine.mounts()) await machine.namespace.must(['umount', '-n', mountPoint]);
    await until('loop devices to go', () => machine.state().loops.length === 0);
    return;
  }
  if (!isMerged) succeeded(await machine.call('merge'));
  const isUpToDate = (machine.read('opt/later') !== null) === existsSync(pathOfLater(machine));
  if (verb === 'unmerge' || !isUpToDate) return;
  if (existsSync(pathOfLater(machine))) rmSync(pathOfLater(machine), { recursive: true });
  else buildTree(machine.root, LATER);
}

/** What a call has led to, without what differs from machine to machine. */
export function outline(machine: Machine) {
  const { run, loops, tree } = machine.state();
  const mounts = machine
    .mounts()
    .map(
      ({ mountPoint, type, options }) =>
        `${mountPoint.slice(machine.root.length)} ${type} ${options.join(',')}`,
    )
    .sort();
  return { mounts, run, loops: loops.length, tree };
}

export type Outline = ReturnType<typeof outline>;

/** How it is when nothing goes wrong. */
export interface Rehearsal {
  /** What each verb does at which something can go wrong. */
  readonly calls: Readonly<Record<Verb, readonly string[]>>;
  /** What a machine with its present extensions must look like when a verb has done its work. */
  readonly after: (verb: Verb, machine: Machine) => Outline;
}

export async function rehearse(surroundings: Surroundings = {}): Promise<Rehearsal> {
  const machine = await openMachine(surroundings);
  try {
    const env = surroundings.environment?.(machine) ?? {};
    const faults = machine.faults();
    const observeCommands = async (_: Machine, verb: Verb) => {
      faults.plan({});
      succeeded(await machine.call(verb, { faults, env }));
      return faults.calls();
    };
    const observe = surroundings.observe ?? observeCommands;
    const calls: Record<Verb, readonly string[]> = { merge: [], refresh: [], unmerge: [] };
    const outlines = new Map<string, Outline>();
    const key = (verb: Verb, on: Machine): string =>
      `${verb === 'unmerge' ? 'off' : 'merged'} ${existsSync(pathOfLater(on))}`;
    for (const verb of ['merge', 'refresh', 'unmerge', 'merge', 'refresh', 'unmerge'] as const) {
      await begin(verb, machine);
      calls[verb] = await observe(machine, verb);
      await until('loop devices to go', () => outline(machine).loops === (verb === 'unmerge' ? 0 : LOOPS));
      outlines.set(key(verb, machine), outline(machine));
    }
    return { calls, after: (verb, on) => outlines.get(key(verb, on))! };
  } finally {
    await machine.close();
  }
}

/** Fails unless a machine is as wanted. The kernel lets go of a loop device a moment after its last user. */
export async function expectOutline(machine: Machine, wanted: Outline): Promise<void> {
  await until('loop devices to go', () => outline(machine).loops <= wanted.loops).catch(() => {});
  expect(outline(machine)).toEqual(wanted);
}

/**
 * Does something for each external command that a verb runs, where the verb has something to do, on two machines at a
 * time. Throws one error for all commands at which it failed.
 */
export async function forEachCommand(
  verb: Verb,
  calls: readonly string[],
  action: (machine: Machine, number: number) => Promise<void>,
  surroundings: Surroundings = {},
): Promise<void> {
  const failures: string[] = [];
  const ahead = calls.map((call, index) => ({ call, number: index + 1 }));
  const work = async (): Promise<void> => {
    let machine = await openMachine(surroundings);
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      try {
        await begin(verb, machine);
        await action(machine, next.number);
      } catch (error) {
        failures.push(
          `At command ${next.number} of ${calls.length}, ${next.call}:\n${(error as Error).message}`,
        );
        await machine.close();
        machine = await openMachine(surroundings);
      }
    }
    await machine.close();
  };
  await Promise.all([work(), work()]);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}
