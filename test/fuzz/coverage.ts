import { type Profiler, Session } from 'node:inspector';

/** Which parts of the code of this program were run: V8 counts that anyway, block by block, if it is asked to. */
export class Coverage {
  readonly #session = new Session();
  /** By function: a byte for each character, 1 if it was ever run. */
  readonly #seen = new Map<string, Uint8Array>();
  readonly #url: string;
  #count = 0;

  /** @param url of the script that counts; all others are the runtime's */
  constructor(url: string) {
    this.#url = url;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many characters of the code were run so far. */
  get count(): number {
    return this.#count;
  }

  /** Notes what was run since the last time. @returns whether anything was run for the first time */
  takesNew(): boolean {
    const before = this.#count;
    for (const one of this.#take()) this.#note(one, true);
    return this.#count > before;
  }

  /** Whether anything was run since the last time that was never run before; it still counts as never run. */
  hasNew(): boolean {
    // Not some(): all of it is over with this look.
    return this.#take().filter((one) => this.#note(one, false)).length > 0;
  }

  /** @returns whether there is something new */
  #note({ ranges }: Profiler.FunctionCoverage, keep: boolean): boolean {
    const [whole] = ranges;
    if (whole === undefined) return false;
    const key = `${whole.startOffset}-${whole.endOffset}`;
    const seen = this.#seen.get(key) ?? new Uint8Array(whole.endOffset - whole.startOffset);
    const now = new Uint8Array(seen.length);
    // Inner blocks come after those that they are in.
    for (const { startOffset, endOffset, count } of ranges)
      now.fill(count > 0 ? 1 : 0, startOffset - whole.startOffset, endOffset - whole.startOffset);
    let isNew = false;
    for (let at = 0; at < now.length; at += 1) {
      if (now[at] === 0 || seen[at] === 1) continue;
      isNew = true;
      if (!keep) break;
      seen[at] = 1;
      this.#count += 1;
    }
    if (keep) this.#seen.set(key, seen);
    return isNew;
  }

  #take(): Profiler.FunctionCoverage[] {
    let functions: Profiler.FunctionCoverage[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      functions = result.find(({ url }) => url === this.#url)?.functions ?? [];
    });
    return functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0);
  }
}
