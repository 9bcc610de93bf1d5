import { setTimeout } from 'node:timers/promises';

type Something<T> = Exclude<T, false | null | undefined>;

/** Far longer than anything that is awaited takes, on a busy machine too. */
const LIMIT = 20_000;

/**
 * Waits for something that another process or the kernel does in its own time.
 *
 * @param condition looked at again and again; what it gives at last is returned
 * @throws Error with `what` if it has not come true in 20 s
 */
export async function until<T>(what: string, condition: () => T | Promise<T>): Promise<Something<T>> {
  const end = Date.now() + LIMIT;
  for (;;) {
    const value = await condition();
    if (value) return value as Something<T>;
    if (Date.now() > end) throw new Error(`waited in vain for: ${what}`);
    await setTimeout(5);
  }
}
