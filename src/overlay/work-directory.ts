import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, findBelow, insideRoot } from '../host/root.js';
import { fileNameOf } from './mutable.js';

/**
 * The metadata file `work_dir` names the overlay's work directory, so that unmerge can remove it: the path below the
 * root without its leading slash, in C escapes.
 */
export const WORK_FILE = 'work_dir';

/** @param path on the machine, below `root` */
export function formatWorkDirectory(root: string, path: string): string {
  return `${cEscape(insideRoot(root, path).replace(/^\/+/, ''))}\n`;
}

/**
 * Finds the work directory that a metadata file names. Metadata may have been tampered with, and the directory is going
 * to be removed with all that is in it: so it counts only if it is really called as a work directory of this hierarchy
 * is called. Everything else is none.
 *
 * @returns its path on the machine
 */
export function findWorkDirectory(root: string, hierarchy: string, content: string): string | null {
  const path = cUnescape(content.replace(/\n$/, ''));
  if (path === null || path.includes('\0')) return null;
  const name = fileNameOf(hierarchy);
  const isOurs = [name, `${name}.1`].some((middle) => basename(path) === `.systemd-${middle}-workdir`);
  if (!isOurs || path.split('/').includes('..')) return null;
  const parent = findBelow(root, dirname(`/${path}`));
  return parent === null ? null : join(parent, basename(path));
}

/** Removes a work directory with what the overlay left in it. Symlinks are removed, never followed. */
export function removeWorkDirectory(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    // On a file system that became read-only it stays; the next merge takes it again.
    if (errorCode(error) !== 'EROFS') throw error;
  }
}

function cEscape(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte <= 0x20 || byte >= 0x7f || byte === 0x5c
        ? `\\x${byte.toString(16).padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
};

/** @returns `null` if an escape is none */
function cUnescape(text: string): string | null {
  let valid = true;
  const bytes = Buffer.from(text)
    .toString('latin1')
    .replace(/\\(x[0-9a-fA-F]{2}|[0-7]{3}|.|$)/gs, (_, code: string) => {
      if (code.length === 3)
        return String.fromCharCode(
          Number.parseInt(code.replace('x', ''), code.startsWith('x') ? 16 : 8) & 0xff,
        );
      if (code !== '' && '\\"\''.includes(code)) return code;
      valid &&= SIMPLE[code] !== undefined;
      return SIMPLE[code] ?? '';
    });
  return valid ? Buffer.from(bytes, 'latin1').toString('utf8') : null;
}
