import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { PackStage } from '../../pack/pack.js';
import { PackError } from '../../pack/problem.js';
import { describeStage } from '../../report/pack/stages.js';

/** Begins the line anew, and takes off what stood there (console_codes(4)). */
const ANEW = '\r\x1b[K';

/** Tells on a terminal what the work is at, in a line that is gone when it is done. */
export interface Progress {
  /** @throws PackError if a signal asks to end; what was made so far is then taken away */
  readonly onStage: (stage: PackStage, what: string) => Promise<void>;
  readonly end: () => void;
}

export function openProgress(): Progress {
  const isTerminal = isatty(2);
  let isShown = false;
  let signal: NodeJS.Signals | null = null;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      signal = name;
    });
  return {
    async onStage(stage, what) {
      if (isTerminal) writeSync(2, `${ANEW}${describeStage(stage, what)}`);
      isShown = isTerminal;
      // Handlers of signals run when this process waits for events.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal !== null) throw new PackError({ kind: 'interrupted', signal });
    },
    end() {
      if (isShown) writeSync(2, ANEW);
      isShown = false;
    },
  };
}
