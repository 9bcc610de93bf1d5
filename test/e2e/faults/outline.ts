import type { Machine } from '../../support/machine.js';

/** What a call has led to, without what differs from machine to machine. */
export interface Outline {
  readonly mounts: readonly string[];
  readonly run: readonly string[];
  readonly loops: number;
  readonly tree: readonly string[];
}

export function outlineOf(machine: Machine): Outline {
  const { run, loops, tree } = machine.state();
  const lines = machine
    .mounts()
    .map(({ mountPoint, type, options }) => `${pathOf(machine, mountPoint)} ${type} ${options.join(',')}`);
  return {
    // A mount that a merge covers stays where it is if it cannot be unmounted, and nobody sees it.
    mounts: [...new Set(lines)].sort(),
    run,
    loops: loops.length,
    // Of the two names of a work directory either is as good.
    tree: tree.map((line) => line.replace(/\.1-workdir/, '-workdir')),
  };
}

/** The hierarchies that something is merged into. @param source as both programs call their overlays */
export function overlaysOf(machine: Machine, source: string): string[] {
  const paths = machine
    .mounts()
    .filter((mount) => mount.type === 'overlay' && mount.source === source)
    .map(({ mountPoint }) => pathOf(machine, mountPoint))
    .filter((path) => !path.includes('.systemd-'));
  // For a moment of a refresh two are on one another.
  return [...new Set(paths)].sort();
}

const pathOf = ({ root }: Machine, mountPoint: string): string => mountPoint.slice(root.length);

/** The lines that only one of them has. */
export function difference(now: Outline, wanted: Outline): string {
  const lines = ({ loops, ...lists }: Outline) => [`${loops} loop devices`, ...Object.values(lists).flat()];
  const [is, ought] = [lines(now), lines(wanted)];
  return [
    ...is.filter((line) => !ought.includes(line)).map((line) => `+ ${line}`),
    ...ought.filter((line) => !is.includes(line)).map((line) => `- ${line}`),
  ].join('; ');
}
