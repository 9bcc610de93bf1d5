import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { errorCode } from '../../src/host/root.js';
import type { MountEntry } from '../support/namespace.js';

/** What is compared after a call, each as lines of text. */
export const ASPECTS = ['status', 'stdout', 'mounts', 'metadata', 'tree'] as const;
export type Aspect = (typeof ASPECTS)[number];
export type Observation = Readonly<Record<Aspect, string>>;

const METADATA = new Set(['.systemd-sysext', '.systemd-confext']);

/**
 * Everything below a root as lines: type, mode, owner, path, content. Metadata directories are told apart, with
 * what is different in each run replaced by what it must be.
 */
export function observeTree(base: string): Pick<Observation, 'tree' | 'metadata'> {
  const tree: string[] = [];
  const metadata: string[] = [];
  const walk = (path: string): void => {
    for (const name of readdirSync(join(base, path)).sort(byCodeUnits)) {
      const here = join(path, name);
      const stats = lstatSync(join(base, here));
      if (METADATA.has(name)) metadata.push(...observeMetadata(base, here));
      else tree.push(`${head(stats)} ${JSON.stringify(here)}${content(join(base, here), stats)}`);
      if (stats.isDirectory() && !METADATA.has(name)) walk(here);
    }
  };
  walk('');
  return { tree: tree.join('\n'), metadata: metadata.join('\n') };
}

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

/** Mounts at and below a root but not the root's own, with the part of the file system that a bind shows, and whatever a program left in its workspace. */
export function observeMounts(mounts: readonly MountEntry[], root: string): string {
  return mounts
    .filter(({ mountPoint }) => mountPoint.startsWith(`${root}/`) || mountPoint.startsWith('/run/systemd/'))
    .map(({ mountPoint, type, source, root: part, options, superOptions }) => {
      const place = mountPoint.startsWith(`${root}/`) ? mountPoint.slice(root.length) : mountPoint;
      return `${place} ${type} ${source}${part === '/' ? '' : `[${part}]`} ${options.join(',')} ${superOptions.includes('rw') ? 'rw' : 'ro'}`;
    })
    .join('\n');
}

/** Loop devices whose file is below a root. */
export function loopDevices(root: string): string[] {
  return readdirSync('/sys/block')
    .map((name) => join('/sys/block', name, 'loop/backing_file'))
    .filter((path) => backingFile(path)?.startsWith(`${root}/`))
    .map((path) => basename(join(path, '../..')));
}

/** `null` for a loop device without a file, also if it has lost it this moment. */
function backingFile(path: string): string | null {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  } catch (error) {
    if (['ENODEV', 'ENXIO', 'ENOENT'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
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
