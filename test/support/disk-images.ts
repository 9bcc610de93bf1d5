import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { ARCHITECTURE_TYPES } from '../../src/images/disk/partition-type-table.js';
import type { Role } from '../../src/images/disk/partition-types.js';
import type { DataDesignator } from '../../src/images/policy/designator.js';
import { findCommand } from './debian.js';

export interface PartitionOptions {
  /** A GUID, or for an MBR the byte in hexadecimal digits. */
  readonly type: string;
  readonly label?: string;
  readonly uuid?: string;
  /** Bytes, 1 MiB if it is not given. */
  readonly size?: number;
  /** As sfdisk(8) writes attributes: `GUID:63`. */
  readonly attributes?: string;
  readonly bootable?: boolean;
  /** A file whose bytes are written to the beginning of the partition. */
  readonly content?: string;
}

export interface DiskOptions {
  readonly label?: 'gpt' | 'dos';
  /** Bytes; 16 MiB if it is not given. */
  readonly size?: number;
  readonly partitions: readonly PartitionOptions[];
  /** More header lines for sfdisk(8): `['table-length: 8']`. */
  readonly header?: readonly string[];
}

/** The Debian package that {@link makeDisk} needs, as `provide` of debian.ts takes it. */
export const DISK_TOOLS: Readonly<Record<string, string>> = { sfdisk: 'fdisk' };

const MiB = 1024 * 1024;

/** sfdisk(8) takes a file for a disk with sectors of 512 bytes; for others see make-ddi.ts. */
const SECTOR = 512;

/** The GUID of a partition type, by what it is for. @throws Error if UAPI.2 has none */
export function typeOf(hierarchy: DataDesignator, role: Role = 'data', architecture = 'x86-64'): string {
  const wanted = [architecture, hierarchy, role].join();
  const row = ARCHITECTURE_TYPES.find(([, ...words]) => words.join() === wanted);
  if (row === undefined) throw new Error(`there is no partition type ${wanted}`);
  return row[0];
}

/**
 * Partitions a file with sfdisk(8), which is replaced if it is there, and writes their content. Nothing is attached or
 * mounted.
 *
 * @returns `file`
 * @throws Error if sfdisk is not installed; or the error of execFileSync if it failed
 */
export function makeDisk(file: string, options: DiskOptions): string {
  const { label = 'gpt', size = 16 * MiB, partitions, header = [] } = options;
  const sfdisk = findCommand('sfdisk');
  if (sfdisk === null) throw new Error('sfdisk is missing: install the Debian package fdisk');
  rmSync(file, { force: true });
  writeFileSync(file, '');
  truncateSync(file, size);
  const script = [`label: ${label}`, ...header, '', ...partitions.map(describePartition), ''].join('\n');
  const words = ['--quiet', '--no-reread', '--no-tell-kernel', file];
  execFileSync(sfdisk, words, { input: script, stdio: 'pipe' });
  const starts = startsOf(sfdisk, file);
  partitions.forEach(({ content }, index) => {
    if (content !== undefined) writeAt(file, starts[index]!, readFileSync(content));
  });
  return file;
}

function describePartition({
  type,
  label,
  uuid,
  size = MiB,
  attributes,
  bootable,
}: PartitionOptions): string {
  const fields = [
    `size=${size / 1024}KiB`,
    `type=${type}`,
    ...(label === undefined ? [] : [`name="${label}"`]),
    ...(uuid === undefined ? [] : [`uuid=${uuid}`]),
    ...(attributes === undefined ? [] : [`attrs="${attributes}"`]),
    ...(bootable ? ['bootable'] : []),
  ];
  return fields.join(', ');
}

/** In bytes, as sfdisk(8) itself reads the table back. */
function startsOf(sfdisk: string, file: string): number[] {
  const json = execFileSync(sfdisk, ['--json', file], { stdio: 'pipe' }).toString();
  const table = JSON.parse(json).partitiontable as { partitions?: { start: number }[] };
  return (table.partitions ?? []).map(({ start }) => start * SECTOR);
}

function writeAt(file: string, offset: number, bytes: Buffer): void {
  const fd = openSync(file, 'r+');
  writeSync(fd, bytes, 0, bytes.length, offset);
  closeSync(fd);
}
