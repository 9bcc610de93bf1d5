import { readFileSync } from 'node:fs';
import { isMissing } from './root.js';

/** One mount of this mount namespace: the fields of /proc/PID/mountinfo that matter here (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `MAJOR:MINOR` */
  readonly device: string;
  /** Directory or file of the file system that is shown. */
  readonly root: string;
  /** Where, as seen by this process. */
  readonly path: string;
  /** What is mounted, in the words of the file system: a device, or any name. */
  readonly source: string;
  /** Whether what is mounted or unmounted below it is also mounted or unmounted elsewhere (mount_namespaces(7)). */
  readonly isShared: boolean;
}

/**
 * The mounts of this process's namespace. Empty where there is no /proc: then nothing is known to be mounted.
 *
 * @throws the error of read(2) but "no such file"
 */
export function readMountTable(): Mount[] {
  try {
    return parseMountTable(readFileSync('/proc/self/mountinfo', 'latin1'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** @param text as bytes, one a character (`latin1`), since names need not be UTF-8 until they are unescaped */
export function parseMountTable(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ', 2);
    const [id, parent, device, root, path, , ...optional] = before.split(' ');
    const [, source = ''] = after.split(' ');
    if (
      id === undefined ||
      parent === undefined ||
      device === undefined ||
      root === undefined ||
      path === undefined
    )
      return [];
    return [
      {
        id: Number(id),
        parent: Number(parent),
        device,
        root: unescapeField(root),
        path: unescapeField(path),
        source: unescapeField(source),
        isShared: optional.some((field) => field.startsWith('shared:')),
      },
    ];
  });
}

/** The kernel writes blank, tab, newline and backslash as three octal digits. */
function unescapeField(field: string): string {
  const bytes = field.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * The mount that a path is on, as the kernel finds it: from the root on, part by part, always the topmost one.
 *
 * @returns `null` if none is known, as for the root of a chroot that is no mount point
 */
export function mountAt(table: readonly Mount[], path: string): Mount | null {
  const ids = new Set(table.map(({ id }) => id));
  // The kernel tells the table piece by piece; what changes meanwhile must not send us in circles.
  const passed = new Set<Mount>();
  let current: Mount | null = null;
  for (const prefix of prefixesOf(path)) {
    for (
      let next = childAt(table, ids, current, prefix);
      next !== null && !passed.has(next);
      next = childAt(table, ids, current, prefix)
    ) {
      passed.add(next);
      current = next;
    }
  }
  return current;
}

/** All mounts on one mount point, the topmost first; none if a path is no mount point. */
export function stackAt(table: readonly Mount[], path: string): Mount[] {
  const stack: Mount[] = [];
  for (
    let mount = mountAt(table, path);
    mount?.path === path && !stack.includes(mount);
    mount = table.find(({ id }) => id === mount?.parent) ?? null
  )
    stack.push(mount);
  return stack;
}

/**
 * The mounts right below a directory that can be seen there: not those below other mounts, nor those that a later
 * mount covers. In the order of the table.
 */
export function mountsBelow(table: readonly Mount[], path: string): Mount[] {
  const ids = new Set(table.map(({ id }) => id));
  const above = mountAt(table, path);
  return table.filter((mount) => {
    const isChild = above === null ? !ids.has(mount.parent) : mount.parent === above.id;
    return (
      isChild &&
      mount.id !== above?.id &&
      mount.path.startsWith(path === '/' ? '/' : `${path}/`) &&
      isVisible(table, mount)
    );
  });
}

/** Whether a look-up of the mount's own path gets as far as the mount itself, or what is stacked on it. */
function isVisible(table: readonly Mount[], mount: Mount): boolean {
  const passed = new Set<Mount>();
  for (
    let found = mountAt(table, mount.path);
    found !== null && !passed.has(found);
    found = table.find(({ id }) => id === found?.parent) ?? null
  ) {
    if (found.id === mount.id) return true;
    if (found.path !== mount.path) return false;
    passed.add(found);
  }
  return false;
}

function childAt(
  table: readonly Mount[],
  ids: ReadonlySet<number>,
  parent: Mount | null,
  path: string,
): Mount | null {
  const found = table.find((mount) => {
    if (mount.path !== path || mount.id === parent?.id) return false;
    return parent === null ? !ids.has(mount.parent) || mount.parent === mount.id : mount.parent === parent.id;
  });
  return found ?? null;
}

function prefixesOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return ['/', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)];
}
