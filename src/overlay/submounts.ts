import { statSync } from 'node:fs';
import { type Mount, mountAt, mountsBelow } from '../host/mount-table.js';

/** A mount right below a hierarchy; what is mounted below it in turn comes along with it. */
export interface Submount {
  /** Mount point relative to the hierarchy, without a slash in front. */
  readonly relative: string;
  readonly isDirectory: boolean;
  /** What is mounted, to recognise it: device number, and directory or file on that device. */
  readonly device: string;
  readonly root: string;
  /** Whether other mounts lie under it on the same mount point, which no path leads to. */
  readonly isStacked: boolean;
}

/**
 * Of a whole file system the root is a directory. It is not looked at, for a server that is gone, or a FUSE program that
 * hangs, would never answer. Files are mounted by bind only.
 */
function showsDirectory({ root, path }: Mount): boolean {
  return root === '/' || statSync(path).isDirectory();
}

/**
 * The mounts right below a hierarchy that are not ours: they stay visible when something is merged, refreshed or
 * unmerged (systemd-sysext(8)).
 *
 * @param path the hierarchy on the machine
 * @param ours paths of mounts that are ours: other merged hierarchies, and the metadata directory of a writable merge
 * @throws the error of stat(2)
 */
export function findSubmounts(table: readonly Mount[], path: string, ours: readonly string[]): Submount[] {
  return mountsBelow(table, path).flatMap((mount) => {
    const relative = mount.path.slice(path.length + 1);
    if (ours.includes(mount.path)) return [];
    const top = mountAt(table, mount.path) ?? mount;
    return [
      {
        relative,
        isDirectory: showsDirectory(top),
        device: top.device,
        root: top.root,
        isStacked: top.id !== mount.id,
      },
    ];
  });
}

/** Whether a path is the mount point of this very mount. */
export function isMountedAt(
  table: readonly Mount[],
  path: string,
  { device, root }: Pick<Submount, 'device' | 'root'>,
): boolean {
  const mount = mountAt(table, path);
  return mount !== null && mount.path === path && mount.device === device && mount.root === root;
}
