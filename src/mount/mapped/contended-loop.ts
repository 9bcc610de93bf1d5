import type { CommandResult } from '../../host/process.js';

/** How often it is tried, and the pause in between, in milliseconds. Mostly the second time is enough. */
const TRIES = 25;
const LONGEST_PAUSE = 50;

/** What mount(8) and losetup(8) say. */
const TAKEN = /failed to set ?up loop device/;

/**
 * Runs something that makes a loop device, again and again if another process gets in the way. The device that was found to
 * be free may be taken, or still be going away, when it is opened, which mount(8) and losetup(8) give up for (ENXIO). With
 * twelve at a time, each of which mounted and unmounted one image, every second mount(8) failed.
 *
 * @param run mount(8) or losetup(8)
 * @returns of the last time
 */
export function whileContended(run: () => CommandResult): CommandResult {
  let result = run();
  for (let tries = 1; tries < TRIES && TAKEN.test(result.stderr); tries += 1) {
    pause(Math.random() * LONGEST_PAUSE);
    result = run();
  }
  return result;
}

/** Nothing else is to be done meanwhile. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
