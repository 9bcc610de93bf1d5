import { isTerminal } from '../../host/terminal.js';
import { describeProgress } from '../../report/install/progress.js';
import type { Context } from '../context.js';

const STDERR = 2;

/** Between two of them, in milliseconds. */
const PAUSE = 200;

export interface Progress {
  tell(received: number, total: number | null): void;
  /** Takes the line away. */
  end(): void;
}

const SILENT: Progress = { tell: () => {}, end: () => {} };

/** A line on the terminal that says how far a download is; where nobody looks, nothing. */
export async function showProgress({ commandLine }: Context, what: string): Promise<Progress> {
  const isAsked = commandLine.logFormat === 'text' && ['info', 'debug'].includes(commandLine.logLevel);
  if (!isAsked || !(await isTerminal(STDERR))) return SILENT;
  let last = 0;
  return {
    tell(received, total) {
      if (Date.now() - last < PAUSE) return;
      last = Date.now();
      process.stderr.write(`\r\x1b[K${describeProgress(what, received, total)}`);
    },
    end: () => {
      if (last > 0) process.stderr.write('\r\x1b[K');
    },
  };
}
