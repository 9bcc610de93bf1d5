import { printable, quoted } from '../printable.js';
import { formatSize } from './size.js';

/** How far a download is, for one line of a terminal. @param total in bytes, `null` if nobody knows */
export function describeProgress(what: string, received: number, total: number | null): string {
  const share = total === null || total === 0 ? null : Math.floor((100 * received) / total);
  const of = total === null ? '' : ` of ${formatSize(total)}`;
  return `${printable(what)}: ${formatSize(received)}${of}${share === null ? '' : ` (${share} %)`}`;
}

/** An earlier attempt, of this call or of one before, had come so far. */
export function describeContinued(what: string, start: number): string {
  return `Going on with the download of ${quoted(what)} after ${formatSize(start)}.`;
}

/** What was downloaded of a file is not lost. @param path where it is */
export function describeKept(what: string, size: number, path: string): string {
  return `${formatSize(size)} of ${quoted(what)} are kept for a week in ${quoted(path)}; the same command goes on from there.`;
}
