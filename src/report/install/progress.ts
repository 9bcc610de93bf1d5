import { printable } from '../printable.js';
import { formatSize } from './size.js';

/** How far a download is, for one line of a terminal. @param total in bytes, `null` if nobody knows */
export function describeProgress(what: string, received: number, total: number | null): string {
  const share = total === null || total === 0 ? null : Math.floor((100 * received) / total);
  const of = total === null ? '' : ` of ${formatSize(total)}`;
  return `${printable(what)}: ${formatSize(received)}${of}${share === null ? '' : ` (${share} %)`}`;
}
