import type { MountEntry } from '../support/namespace.js';

/** What is compared after a call, each as lines of text. */
export const ASPECTS = ['status', 'stdout', 'mounts', 'metadata', 'tree'] as const;
export type Aspect = (typeof ASPECTS)[number];
export type Observation = Readonly<Record<Aspect, string>>;

/**
 * Mounts at and below a root but not the root's own, with the part of the file system that a bind shows, and whatever a
 * program left in its workspace.
 */
export function observeMounts(mounts: readonly MountEntry[], root: string): string {
  // Where the root is a directory of a disk, that is another one in each run.
  const { root: own = '/', device } = mounts.findLast(({ mountPoint }) => mountPoint === root) ?? {};
  const partOf = (mount: MountEntry): string =>
    mount.device === device && mount.root.startsWith(`${own}/`) ? mount.root.slice(own.length) : mount.root;
  return mounts
    .filter(({ mountPoint }) => mountPoint.startsWith(`${root}/`) || mountPoint.startsWith('/run/systemd/'))
    .map((mount) => {
      const { mountPoint, type, source, options, superOptions } = mount;
      const place = mountPoint.startsWith(`${root}/`) ? mountPoint.slice(root.length) : mountPoint;
      const part = partOf(mount);
      return `${place} ${type} ${source}${part === '/' ? '' : `[${part}]`} ${options.join(',')} ${superOptions.includes('rw') ? 'rw' : 'ro'}`;
    })
    .join('\n');
}

const TABLE_TIME = /[A-Z][a-z]{2} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/g;
const JSON_TIME = /(?<=: ?)\d{16}\b/g;

/** Replaces times between two moments (in milliseconds) in a result by a word of the same length in tables. */
export function replaceNow(text: string, from: number, to: number): string {
  // A second of leave: tables have no fractions, and file systems take the time of the last tick of the clock.
  const isNow = (time: number): boolean => time >= from - 1000 && time <= to + 1000;
  return text
    .replace(TABLE_TIME, (whole, day: string, time: string) =>
      isNow(Date.parse(`${day}T${time}Z`)) ? '<now>'.padEnd(whole.length, '.') : whole,
    )
    .replace(JSON_TIME, (whole) => (isNow(Number(whole) / 1000) ? '<now>' : whole));
}
