import { lstatSync, lutimesSync } from 'node:fs';
import { join } from 'node:path';
import { walkTree } from '../check/tree.js';
import { PackError } from './problem.js';
import type { Stage } from './stage.js';

/**
 * The time that everything gets which has none of its own, in seconds: `SOURCE_DATE_EPOCH`, or that of the newest file of the sources.
 *
 * @throws PackError
 */
export function readEpoch({ root }: Stage, variable: string | undefined): number {
  if (variable !== undefined) {
    if (!/^\d{1,10}$/.test(variable)) throw new PackError({ kind: 'bad-epoch', value: variable });
    return Number(variable);
  }
  const times = walkTree(root)
    .entries.filter(({ type }) => type !== 'directory')
    .map(({ path }) => Math.floor(lstatSync(join(root, path)).mtimeMs / 1000));
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}

/**
 * Gives all files times that do not tell when and how the tree was put together: none is newer than the epoch, none has a part of a
 * second, and directories have the epoch.
 *
 * @throws the errors of Node's file functions
 */
export function settleTimes({ root }: Stage, epoch: number): void {
  const { entries } = walkTree(root);
  for (const { path, type } of entries.toReversed()) {
    const place = join(root, path);
    const own = type === 'directory' ? epoch : Math.floor(lstatSync(place).mtimeMs / 1000);
    lutimesSync(place, Math.min(own, epoch), Math.min(own, epoch));
  }
  lutimesSync(root, epoch, epoch);
}
