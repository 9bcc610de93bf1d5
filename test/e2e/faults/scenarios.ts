import { extension, HOST, sysextTree } from '../../differential/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree, type Tree } from '../../support/tree.js';
import { until } from '../../support/until.js';

/** A call of the program in the middle of which something happens. */
export interface Scenario {
  readonly verb: string;
  /** What comes before. */
  readonly prepare: (machine: Machine) => Promise<void>;
}

const both = (name: string): Tree => ({
  [`usr/share/${name}`]: `${name}\n`,
  [`opt/${name}`]: `${name}\n`,
});

/** A directory and an image, and each has something for both hierarchies. */
const merged = async (machine: Machine): Promise<void> => {
  succeeded(await machine.call('merge'));
};

export const SCENARIOS: readonly Scenario[] = [
  { verb: 'merge', prepare: async () => {} },
  {
    verb: 'refresh',
    async prepare(machine) {
      await merged(machine);
      buildTree(machine.root, extension('later', { files: both('later') }));
    },
  },
  { verb: 'unmerge', prepare: merged },
];

/** Does something on a new machine on which a scenario may begin. */
export async function withScenario<T>(
  { prepare }: Scenario,
  action: (machine: Machine) => Promise<T>,
): Promise<T> {
  const machine = await Machine.open({ tree: { ...HOST, ...extension('dir', { files: both('dir') }) } });
  try {
    // Without times in it, each image is the same.
    const args = ['-mkfs-time', '0', '-all-time', '0'];
    const files = sysextTree('image', { files: both('image') });
    machine.addImage('squashfs', 'var/lib/extensions/image.raw', files, { args });
    await prepare(machine);
    return await action(machine);
  } finally {
    await machine.close();
  }
}

/** What a call has led to, without what differs from machine to machine. */
export function outline(machine: Machine) {
  const { run, loops, tree } = machine.state();
  const mounts = machine
    .mounts()
    .map(({ mountPoint, type, options }) => {
      return `${mountPoint.slice(machine.root.length)} ${type} ${options.join(',')}`;
    })
    .sort();
  return { mounts, run, loops: loops.length, tree };
}

export type Outline = ReturnType<typeof outline>;

export interface Rehearsal {
  /** The external commands that the scenario's call runs. */
  readonly calls: readonly string[];
  /** What it leads to. */
  readonly end: Outline;
  /** The same after an `unmerge`. */
  readonly off: Outline;
}

/** A scenario in which nothing goes wrong. */
export function rehearse(scenario: Scenario): Promise<Rehearsal> {
  return withScenario(scenario, async (machine) => {
    const faults = machine.faults();
    succeeded(await machine.call(scenario.verb, { faults }));
    const end = outline(machine);
    succeeded(await machine.call('unmerge'));
    await until('loop devices to go', () => outline(machine).loops === 0);
    return { calls: faults.calls(), end, off: outline(machine) };
  });
}

/** Fails unless a machine is as wanted. The kernel lets go of a loop device a moment after its last user. */
export async function expectOutline(machine: Machine, wanted: Outline): Promise<void> {
  await until('loop devices to go', () => outline(machine).loops <= wanted.loops).catch(() => {});
  expect(outline(machine)).toEqual(wanted);
}

/** Does something for each external command, two at a time, and throws one error for all at which it failed. */
export async function forEachCommand(
  calls: readonly string[],
  action: (number: number) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  const ahead = calls.map((call, index) => ({ call, number: index + 1 }));
  const work = async (): Promise<void> => {
    for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
      const { call, number } = next;
      await action(number).catch((error: Error) => {
        failures.push(`At command ${number} of ${calls.length}, ${call}:\n${error.message}`);
      });
    }
  };
  await Promise.all([work(), work()]);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
}
