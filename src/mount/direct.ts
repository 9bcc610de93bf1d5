import { loadSystemCalls } from '../host/native/load-system-calls.js';
import type { SystemCalls } from '../host/native/system-calls.js';
import { type DirectCall, directCallsOf } from './direct-calls.js';

/**
 * The system calls, unless mount(8), umount(8) and flock(1) are to be called also for what they would do: to see or to limit
 * what is called, and for the tests, which make them fail.
 *
 * @returns `null` where there is no way to them as well
 */
export function directCalls(): SystemCalls | null {
  return process.env['SYSEXT_PREFER_PROGRAMS'] ? null : loadSystemCalls();
}

/**
 * Does what a command line of mount(8) or umount(8) says by the system calls that the program would make, which saves the
 * start of a process.
 *
 * @returns what is left to be done, as a command line: nothing, all of it, or what begins with the call that failed. The program
 *   then does it after all, or says in its own words why not.
 */
export function runDirectly(command: readonly string[]): readonly string[] | null {
  const calls = directCalls();
  const wanted = calls === null ? null : directCallsOf(command);
  if (calls === null || wanted === null) return command;
  const failed = wanted.find((call) => perform(call, calls) !== 0);
  return failed === undefined ? null : failed.otherwise;
}

function perform(call: DirectCall, calls: SystemCalls): number {
  if (call.kind === 'unmount') return calls.unmount(call.target, call.flags);
  return calls.mount(call.source, call.target, call.type, call.flags, call.data);
}
