import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystemType } from '../../src/images/identify.js';
import { findCommand } from './debian.js';

export interface ImageOptions {
  /** Not for squashfs, which has none, nor erofs, whose older mkfs cannot write one. */
  readonly label?: string;
  /** 36 characters, for vfat 8 hexadecimal digits; not for squashfs. */
  readonly uuid?: string;
  /** Bytes, for the types that are not only as large as their content; by default content and 16 MiB. */
  readonly size?: number;
  /** More options for the program that makes the file system: `['-b', '1024']`. */
  readonly args?: readonly string[];
}

/** The Debian packages that {@link makeImage} needs, by command, as `provide` of debian.ts takes them. */
export const IMAGE_TOOLS: Readonly<Record<string, string>> = {
  mksquashfs: 'squashfs-tools',
  'mkfs.erofs': 'erofs-utils',
  mke2fs: 'e2fsprogs',
  'mkfs.btrfs': 'btrfs-progs',
  'mkfs.xfs': 'xfsprogs',
  'mkfs.vfat': 'dosfstools',
  mcopy: 'mtools',
};

/**
 * Makes a file with a file system of the type in it, which has the content of `source`; nothing is mounted and no
 * privilege needed. What is at `file` is replaced. Owner and modes are kept as far as the type knows them; vfat has
 * no symlinks and gets what they point to.
 *
 * @returns `file`
 * @throws Error if a tool is not installed, naming its Debian package; or the error of execFileSync if it failed
 */
export function makeImage(
  type: FileSystemType,
  source: string,
  file: string,
  options: ImageOptions = {},
): string {
  rmSync(file, { force: true });
  MAKERS[type](source, file, options);
  return file;
}

const MAKERS: Record<FileSystemType, (source: string, file: string, options: ImageOptions) => void> = {
  squashfs(source, file, { args = [] }) {
    run('mksquashfs', [source, file, '-noappend', '-quiet', '-no-progress', ...args]);
  },

  erofs(source, file, { uuid, args = [] }) {
    run('mkfs.erofs', ['--quiet', ...option('-U', uuid), ...args, file, source]);
  },

  // ext2 and ext3 by `args: ['-t', 'ext2']`.
  ext4(source, file, { label, uuid, size, args = [] }) {
    writeEmpty(file, size ?? roomFor(source));
    const type = args.includes('-t') ? [] : ['-t', 'ext4'];
    const names = [...option('-L', label), ...option('-U', uuid)];
    run('mke2fs', ['-q', '-F', ...type, '-d', source, ...names, ...args, file]);
  },

  // Unless told otherwise: one copy of the metadata, and as large as its content, which starts at some 14 MB.
  btrfs(source, file, { label, uuid, size, args = [] }) {
    writeEmpty(file, size ?? 0);
    const names = [...option('-L', label), ...option('-U', uuid)];
    const room = size === undefined ? ['--shrink'] : [];
    const profile = ['-m', 'single', '-d', 'single'];
    run('mkfs.btrfs', ['-q', '-f', ...profile, '--rootdir', source, ...room, ...names, ...args, file]);
  },

  // mkfs.xfs makes nothing below 300 MiB any more, but for tests, which is what the option is for.
  xfs(source, file, { label, uuid, size, args = [] }) {
    writeEmpty(file, size ?? roomFor(source));
    const prototype = `${file}.prototype`;
    writeFileSync(prototype, `/\n0 0\n${describe(source)}`);
    const names = [...option('-L', label), ...option('-m', uuid && `uuid=${uuid}`)];
    run('mkfs.xfs', ['-q', '-f', '--unsupported', '-p', prototype, ...names, ...args, file]);
    rmSync(prototype);
  },

  vfat(source, file, { label, uuid, size, args = [] }) {
    writeEmpty(file, size ?? roomFor(source));
    run('mkfs.vfat', [...option('-n', label), ...option('-i', uuid), ...args, file]);
    const entries = readdirSync(source).map((name) => join(source, name));
    if (entries.length > 0) run('mcopy', ['-s', '-i', file, ...entries, '::']);
  },
};

/** mkfs.xfs(8), "prototype file": mode, user, group, then the target of a file, or the entries of a directory and `$`. */
function describe(path: string): string {
  const status = lstatSync(path);
  const permissions = (status.mode & 0o777).toString(8).padStart(3, '0');
  const flags = `${status.mode & 0o4000 ? 'u' : '-'}${status.mode & 0o2000 ? 'g' : '-'}`;
  const rest = `${flags}${permissions} ${status.uid} ${status.gid}`;
  if (status.isSymbolicLink()) return `l${rest} ${word(readlinkSync(path))}\n`;
  if (status.isFile()) return `-${rest} ${word(path)}\n`;
  if (!status.isDirectory()) throw new Error(`'${path}' cannot be put into an xfs image`);
  const entries = readdirSync(path).map((name) => `${word(name)} ${describe(join(path, name))}`);
  return `d${rest}\n${entries.join('')}$\n`;
}

/** A prototype file has no quoting. */
function word(text: string): string {
  if (/\s/.test(text)) throw new Error(`'${text}' cannot be put into an xfs image: it has a space`);
  return text;
}

function roomFor(source: string): number {
  const MiB = 1024 * 1024;
  return 16 * MiB + Math.ceil((1.5 * contentOf(source)) / MiB) * MiB;
}

function contentOf(path: string): number {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.size;
  return readdirSync(path).reduce((sum, name) => sum + contentOf(join(path, name)), 0);
}

function writeEmpty(file: string, size: number): void {
  writeFileSync(file, '');
  truncateSync(file, size);
}

const option = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [name, value];

function run(command: string, words: readonly string[]): void {
  const path = findCommand(command);
  if (path === null)
    throw new Error(`${command} is missing: install the Debian package ${IMAGE_TOOLS[command]}`);
  execFileSync(path, words, { stdio: 'pipe', env: { ...process.env, MTOOLS_SKIP_CHECK: '1' } });
}
