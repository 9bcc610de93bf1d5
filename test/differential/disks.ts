import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeArchitecture } from '../../src/host/architecture.js';
import type { Role } from '../../src/images/disk/partition-types.js';
import type { DataDesignator } from '../../src/images/policy/designator.js';
import { provide } from '../support/debian.js';
import {
  DISK_TOOLS,
  type DiskOptions,
  makeDisk,
  type PartitionOptions,
  typeOf,
} from '../support/disk-images.js';
import { sysextTree } from '../support/fixtures.js';
import { type Entry, file, type Tree } from '../support/tree.js';
import { missingImageTools, squashfs } from './images.js';

export interface DiskPartition extends Omit<PartitionOptions, 'content'> {
  /** An image, or any other bytes. */
  readonly content?: Entry;
}

export interface DiskChanges extends Omit<DiskOptions, 'partitions'> {
  /** What is done to the finished disk. */
  readonly change?: (disk: Buffer) => Buffer;
}

export const missingDiskTools = (): string | null => missingImageTools() ?? provide(DISK_TOOLS);

/** Mounts of images need loop devices, and the tools of the file systems. */
export const DISKS = { images: true, since: 257 } as const;

const NATIVE = nativeArchitecture();

/** The type of a partition for this machine. */
export const native = (hierarchy: DataDesignator, role: Role = 'data'): string =>
  typeOf(hierarchy, role, NATIVE);

/** The type of one for a machine that this one has nothing in common with. */
export const foreign = (hierarchy: DataDesignator, role: Role = 'data'): string =>
  typeOf(hierarchy, role, NATIVE === 'riscv64' ? 'arm64' : 'riscv64');

/** Types of partitions that extensions are not read from. */
export const OTHER = {
  esp: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  xbootldr: 'bc13c2ff-59e6-4262-a352-b275fd6f7172',
  swap: '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f',
  home: '933ac7e1-2eb4-4f13-b844-0e14e2aef915',
  srv: '3b8f8425-20e0-4f3b-907f-1a25a76f98e8',
  var: '4d21b016-b534-45c2-a9fb-5c16e091fd2d',
  tmp: '7ec6f557-3bc5-4aca-b293-16ef5df639d1',
  generic: '0fc63daf-8483-4772-8e79-3d69d8477de4',
  unknown: '01234567-89ab-4cde-8f01-23456789abcd',
} as const;

const MiB = 1024 * 1024;

/** A disk image, made when it is first needed. By default it is as large as its partitions want. */
export function disk(
  partitions: readonly DiskPartition[],
  { change = (bytes) => bytes, ...options }: DiskChanges = {},
): Entry {
  let made: Buffer | undefined;
  return file(() => {
    made ??= change(make(partitions, options));
    return made;
  });
}

/** The content of an extension that says where it is from. */
export const content = (name: string, from: string, release = 'ID=_any\n'): Tree =>
  sysextTree(name, { release, files: { [`usr/share/${name}`]: from, [`opt/${name}`]: from } });

/** A root partition for this machine, with an extension in it that says where it is from. */
export function rootPart(name: string, from = 'root', more: Partial<DiskPartition> = {}): DiskPartition {
  return { type: native('root'), content: squashfs(content(name, from)), ...more };
}

/** The same for a usr partition, where the content of `/usr` is all there is. */
export function usrPart(name: string, from = 'usr', more: Partial<DiskPartition> = {}): DiskPartition {
  return { type: native('usr'), content: squashfs(usrContent(name, from)), ...more };
}

export const usrContent = (name: string, from: string): Tree => ({
  [`lib/extension-release.d/extension-release.${name}`]: 'ID=_any\n',
  [`share/${name}`]: from,
});

function make(partitions: readonly DiskPartition[], options: Omit<DiskOptions, 'partitions'>): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-disk-'));
  try {
    const described = partitions.map(({ content, ...partition }, index): PartitionOptions => {
      if (content === undefined) return partition;
      const path = join(directory, `${index}`);
      writeFileSync(path, bytesOf(content));
      return { ...partition, content: path };
    });
    const size = partitions.reduce((sum, partition) => sum + (partition.size ?? MiB), 2 * MiB);
    return readFileSync(makeDisk(join(directory, 'disk'), { size, ...options, partitions: described }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function bytesOf(entry: Entry): Buffer {
  if (typeof entry === 'string') return Buffer.from(entry);
  if (entry.kind !== 'file') throw new Error(`no content of a partition: ${entry.kind}`);
  const { content } = entry;
  return Buffer.from(typeof content === 'function' ? content() : content);
}
