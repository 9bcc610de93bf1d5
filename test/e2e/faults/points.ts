import { type Fault, fail, killAfter, killDuring, signalBoth } from '../../support/fault.js';
import { describeCall, type SystemCall } from '../../support/system-calls.js';

/** Something that the program does, at which it can be disturbed. */
export type Point =
  | { readonly kind: 'system-call'; readonly call: SystemCall }
  /** The nth external program that it runs. */
  | { readonly kind: 'command'; readonly number: number; readonly line: string };

/** A disturbance: of a system call as strace(1) has it, of an external program by name. */
export type Disturbance =
  | { readonly kind: 'system-call'; readonly fault: string }
  | { readonly kind: 'command'; readonly fault: keyof typeof COMMAND_FAULTS };

export const COMMAND_FAULTS = {
  'command fails': fail,
  'command is killed': 'kill -KILL "$$"',
  'program is killed, command goes on': killDuring,
  'program is killed when the command has ended': killAfter,
  'both are interrupted from the terminal': signalBoth('INT'),
} satisfies Record<string, Fault>;

/** Right before it; right after it is right before the next one. */
const SIGNALS = ['signal=KILL', 'signal=TERM', 'signal=INT', 'signal=HUP'];
const STARTS = ['error=EAGAIN', 'error=ENOMEM', ...SIGNALS];
const CHANGES = ['error=ENOSPC', 'error=EIO', 'error=EACCES', ...SIGNALS];
/** Nothing has changed since the point before. */
const LOOKS = ['error=EIO', 'error=EACCES'];

export function disturbancesOf(point: Point): Disturbance[] {
  if (point.kind === 'command')
    return Object.keys(COMMAND_FAULTS).map((fault) => ({
      kind: 'command',
      fault: fault as keyof typeof COMMAND_FAULTS,
    }));
  const { path, changes } = point.call;
  const faults = path === null ? STARTS : changes ? CHANGES : LOOKS;
  return faults.map((fault) => ({ kind: 'system-call', fault }));
}

/** Whether it may end the program. */
export const isDeadly = ({ fault }: Disturbance): boolean =>
  fault.startsWith('signal=') || fault.startsWith('program is killed') || fault.startsWith('both');

export const describePoint = (point: Point): string =>
  point.kind === 'command' ? `program ${point.number}, ${point.line}` : describeCall(point.call);
