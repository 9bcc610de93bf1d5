import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** What overlayfs has put into its work directory, in which names are numbers that the kernel counts up. */
const COUNTED = /(\.systemd-[^/]+-workdir\/work\/#)[0-9a-f]+$/;

const METADATA = new Set(['.systemd-sysext', '.systemd-confext']);

/** What is below a root, each as lines of text. */
export interface ObservedTree {
  readonly metadata: string;
  readonly tree: string;
}

/**
 * Everything below a root as lines: type, mode, owner, path, content. Metadata directories are told apart, with
 * what is different in each run replaced by what it must be.
 */
export function observeTree(base: string): ObservedTree {
  const tree: string[] = [];
  const metadata: string[] = [];
  const walk = (path: string): void => {
    for (const name of readdirSync(join(base, path)).sort(byCodeUnits)) {
      const here = join(path, name);
      const stats = lstatSync(join(base, here), { throwIfNoEntry: false });
      // The whiteout of an overlay's only layer with that directory is listed, and not to be found.
      if (stats === undefined) {
        tree.push(`? ${quoted(here)}`);
        continue;
      }
      if (METADATA.has(name)) metadata.push(...observeMetadata(base, here));
      else tree.push(`${head(stats)} ${quoted(here)}${content(join(base, here), stats)}`);
      if (stats.isDirectory() && !METADATA.has(name)) walk(here);
    }
  };
  walk('');
  return { tree: tree.join('\n'), metadata: metadata.join('\n') };
}

const quoted = (path: string): string => JSON.stringify(path.replace(COUNTED, '$1<number>'));

function observeMetadata(base: string, path: string): string[] {
  const names = readdirSync(join(base, path)).sort(byCodeUnits);
  const merged = deviceNumber(statSync(join(base, path, '..')).dev);
  return [
    `${head(lstatSync(join(base, path)))} ${path}`,
    ...names.map((name) => {
      const file = join(base, path, name);
      const text = readFileSync(file, 'utf8');
      return `${head(lstatSync(file))} ${join(path, name)} ${metadataContent(name, text, merged)}`;
    }),
  ];
}

function metadataContent(name: string, text: string, merged: string): string {
  if (name === 'dev') return `is ${text === `${merged}\n` ? '' : 'not '}the device of the mount`;
  if (name === 'origin') return isObject(text) ? 'is a JSON object' : `is no JSON object: ${text}`;
  return JSON.stringify(text);
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function head(stats: Stats): string {
  return `${type(stats)} ${(stats.mode & 0o7777).toString(8).padStart(4, '0')} ${stats.uid}:${stats.gid}`;
}

/** As the first letter of a line of `ls -l`. */
function type(stats: Stats): string {
  if (stats.isFile()) return '-';
  if (stats.isDirectory()) return 'd';
  if (stats.isSymbolicLink()) return 'l';
  if (stats.isFIFO()) return 'p';
  return stats.isBlockDevice() ? 'b' : 'c';
}

function content(path: string, stats: Stats): string {
  if (stats.isSymbolicLink()) return ` -> ${JSON.stringify(readlinkSync(path))}`;
  if (stats.isBlockDevice() || stats.isCharacterDevice()) return ` ${deviceNumber(stats.rdev)}`;
  if (!stats.isFile()) return '';
  const bytes = readFileSync(path);
  // What a person wrote for a test is short; the rest is told apart by its hash.
  if (bytes.length <= 80) return ` ${JSON.stringify(bytes.toString())}`;
  return ` ${bytes.length} bytes, sha256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

/** `major:minor` of a device number, as glibc packs it. */
function deviceNumber(device: number): string {
  const number = BigInt(device);
  const major = ((number >> 8n) & 0xfffn) | ((number >> 32n) & 0xfffff000n);
  const minor = (number & 0xffn) | ((number >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1);
