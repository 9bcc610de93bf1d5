import type { Finished } from './namespace.js';

/** Expects that a call has done its work. @returns what it printed */
export function succeeded({ status, stdout, stderr }: Finished): { stdout: string; stderr: string } {
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
  expect(stderr).not.toMatch(STACK);
  return { stdout, stderr };
}

/** Expects exit status 1, no result, and on standard error at least one line. @returns its lines */
export function failed({ status, stdout, stderr }: Finished): string[] {
  if (STACK.test(stderr)) throw new Error(`died of a bug: ${stderr}`);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^(.+\n)+$/);
  return stderr.split('\n').slice(0, -1);
}

/** Expects a failure in one line. @returns the line */
export function failedWith(finished: Finished): string {
  const lines = failed(finished);
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

/** What a bug leaves on standard error. */
const STACK = /^\s+at .*(:\d+:\d+|native|anonymous)|^Node\.js v/m;
