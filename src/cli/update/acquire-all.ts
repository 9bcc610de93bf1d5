import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { type Acquired, acquire, downloadName } from '../../update/acquire.js';
import type { Delivery } from '../../update/decide.js';
import { checkSymlink, removeTemporaries } from '../../update/install.js';
import type { Context } from '../context.js';
import { showProgress } from '../install/progress.js';

/** New files that are complete, and have not their names yet. */
export interface Fetched {
  /** Of each delivery; `null` for what is there already. */
  readonly files: readonly (Acquired | null)[];
  /** What earlier updates that broke off had left; paths on the machine. */
  readonly removed: readonly string[];
}

/**
 * Fetches the files of an update. If one of them cannot be had, the others go again.
 *
 * @throws what checkSymlink() and acquire() throw
 */
export async function acquireAll(context: Context, deliveries: readonly Delivery[]): Promise<Fetched> {
  const { root } = context;
  for (const { transfer } of deliveries) checkSymlink(transfer.target, root);
  const removed = deliveries.flatMap((delivery) => removeTemporaries(delivery, root, downloadName(delivery)));
  const files: (Acquired | null)[] = [];
  try {
    for (const delivery of deliveries) files.push(await acquireOne(context, delivery));
  } catch (error) {
    discard(files);
    throw error;
  }
  return { files, removed };
}

/** Takes files away that will not get their names. */
export function discard(files: readonly (Acquired | null)[]): void {
  for (const file of files) if (file !== null) rmSync(file.temporary, { force: true });
}

async function acquireOne(context: Context, delivery: Delivery): Promise<Acquired | null> {
  const { source } = delivery;
  if (source === null) return null;
  const progress = await showProgress(context, basename(source.path));
  try {
    return await acquire(delivery, source, {
      root: context.root,
      limit: context.commandLine.installing.maxSize,
      onProgress: progress.tell,
    });
  } finally {
    progress.end();
  }
}
