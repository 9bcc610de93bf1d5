import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { join, posix } from 'node:path';
import { insideRoot, resolveNewBelow } from '../../host/root.js';

/** How the archive of a layer removes what is in layers below (OCI Image Format, "Whiteouts"). */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** A directory that an archive is unpacked to. Symlinks that the archive has made are followed in it, never out of it. */
export interface TarTarget {
  /** Where a place really is, with the symlinks that lead there. */
  resolve(place: string): string;
  makeDirectory(place: string, mode: number): void;
  makeSymlink(place: string, target: string, time: Date): void;
  /** @returns false if there is no such file */
  makeLink(place: string, target: string): boolean;
  makeFile(place: string, mode: number, time: Date): { write(bytes: Uint8Array): void; close(): void };
  isMark(place: string): boolean;
  /** Does what a mark of a layer says; nothing if it is none. */
  removeMarked(place: string): void;
  /** Lets go of a file that is not complete, since the archive ends in the middle of it, or was refused there. */
  close(): void;
}

/** @param root absolute path, free of symlinks */
export function openTarTarget(root: string): TarTarget {
  const locate = (place: string) => join(resolveNewBelow(root, posix.dirname(place)), posix.basename(place));
  const typeAt = (path: string) => lstatSync(path, { throwIfNoEntry: false });
  /** A place where nothing is, in a directory that exists. */
  const clear = (place: string) => {
    const path = locate(place);
    mkdirSync(posix.dirname(path), { recursive: true });
    rmSync(path, { recursive: true, force: true });
    return path;
  };
  const open = new Set<number>();
  return {
    resolve: (place) => insideRoot(root, locate(place)),
    makeDirectory(place, mode) {
      const path = typeAt(locate(place))?.isDirectory() ? locate(place) : clear(place);
      mkdirSync(path, { recursive: true });
      // Its owner, who unpacks, has to write to it.
      chmodSync(path, mode | 0o700);
    },
    makeSymlink(place, target, time) {
      const path = clear(place);
      symlinkSync(target, path);
      lutimesSync(path, time, time);
    },
    makeLink(place, target) {
      const from = locate(target);
      if (!typeAt(from)?.isFile()) return false;
      if (from !== locate(place)) linkSync(from, clear(place));
      return true;
    },
    makeFile(place, mode, time) {
      const descriptor = openSync(clear(place), 'wx', 0o600);
      open.add(descriptor);
      return {
        write(bytes) {
          for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
        },
        close() {
          fchmodSync(descriptor, mode);
          futimesSync(descriptor, time, time);
          open.delete(descriptor);
          closeSync(descriptor);
        },
      };
    },
    isMark: (place) => posix.basename(place).startsWith(WHITEOUT),
    removeMarked(place) {
      const name = posix.basename(place);
      if (!name.startsWith(WHITEOUT)) return;
      const parent = resolveNewBelow(root, posix.dirname(place));
      if (name !== OPAQUE) {
        const hidden = name.slice(WHITEOUT.length);
        if (!['', '.', '..'].includes(hidden)) rmSync(join(parent, hidden), { recursive: true, force: true });
      } else if (parent !== root) {
        rmSync(parent, { recursive: true, force: true });
        mkdirSync(parent, { recursive: true });
      }
    },
    close() {
      for (const descriptor of open) closeSync(descriptor);
      open.clear();
    },
  };
}
