import { setTimeout } from 'node:timers/promises';
import { DownloadError } from './request.js';

/** How often what may be a passing trouble is tried again, and after how many milliseconds for the first time. */
const RETRIES = 4;
const PAUSE = 250;

/** Troubles that can pass. */
const PASSING: readonly string[] = ['connection', 'stalled', 'truncated'];

/** Does something again that may fail because a server or the way to it is in trouble for a moment. */
export async function withRetries<Result>(action: () => Promise<Result>, pause = PAUSE): Promise<Result> {
  for (let count = 0; ; count += 1) {
    try {
      return await action();
    } catch (error) {
      if (!isPassing(error) || count === RETRIES) throw error;
      await setTimeout(pause * 2 ** count);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof DownloadError)) return false;
  const { problem } = error;
  return PASSING.includes(problem.kind) || (problem.kind === 'status' && problem.status >= 500);
}
