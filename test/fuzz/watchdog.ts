import { Worker } from 'node:worker_threads';

/** No input takes longer, in seconds, on the busiest machine. */
const PATIENCE = 30;

/**
 * Ends the process when one input takes very long: a loop that does not end says nothing by itself. What it counts is shared
 * memory, so it costs nothing.
 */
export class Watchdog {
  readonly #state = new BigUint64Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  /** @param say what is printed then, before the number of the input */
  constructor(say: string) {
    const script = `
      const { workerData } = require('node:worker_threads');
      let [last, since] = [0n, Date.now()];
      setInterval(() => {
        const now = Atomics.load(workerData.state, 0);
        if (now !== last) [last, since] = [now, Date.now()];
        if (Date.now() - since < ${PATIENCE * 1000}) return;
        require('node:fs').writeSync(1, workerData.say + now + '\\n');
        process.kill(process.pid, 'SIGKILL');
      }, 1000);`;
    this.#worker = new Worker(script, { eval: true, workerData: { state: this.#state, say } });
    this.#worker.unref();
  }

  /** The next input begins. */
  next(): void {
    Atomics.add(this.#state, 0, 1n);
  }
}
