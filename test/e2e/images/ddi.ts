import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nativeArchitecture } from '../../../src/host/architecture.js';
import { bufferReader, sectionOf } from '../../../src/images/byte-reader.js';
import { choosePartitions } from '../../../src/images/disk/choose-partitions.js';
import { readPartitionTable } from '../../../src/images/disk/gpt.js';
import type { ChosenPartition } from '../../../src/images/disk/partition-choice.js';
import type { PartitionTable } from '../../../src/images/disk/partition-table.js';
import { provide } from '../../support/debian.js';
import { DISK_TOOLS, makeDisk, type PartitionOptions, typeOf } from '../../support/disk-images.js';
import { sysextTree } from '../../support/fixtures.js';
import type { Machine } from '../../support/machine.js';
import {
  DDI_TOOLS,
  type Ddi,
  type DdiOptions,
  findRepart,
  makeDdi,
  NO_REPART,
} from '../../support/make-ddi.js';
import { makeImage } from '../../support/make-images.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree, directory, type Tree } from '../../support/tree.js';

/** Where images are below the root. */
export const PLACE = 'var/lib/extensions';

/** `null`, or what of the machine is missing to make disk images and merge them. */
export function whyNoDdis(): string | null {
  if (process.getuid?.() !== 0) return 'disk images are mounted by root only';
  return (
    provide({ ...DDI_TOOLS, ...DISK_TOOLS, veritysetup: 'cryptsetup-bin' }) ??
    (findRepart() === null ? NO_REPART : null)
  );
}

/** `describe`, left out with the reason in its name where disk images cannot be made or merged. */
export function describeWithDdis(name: string, body: () => void): void {
  const reason = whyNoDdis();
  if (reason === null) describe(name, body);
  else describe.skip(`${name}: ${reason}`, body);
}

/** The files of an extension that has something for both hierarchies, and says where it is from. */
export const filesOf = (name: string, from = name): Tree =>
  sysextTree(name, { files: { [`usr/share/${name}`]: `${from}\n`, [`opt/${name}`]: `${from}\n` } });

/** Makes a disk image with systemd-repart(8). @param path below the root */
export function addDdi(
  machine: Machine,
  path: string,
  files: Tree,
  options: Omit<DdiOptions, 'tree'> = {},
): Ddi {
  return withSource(
    machine,
    { ...files, ...(options.class === 'confext' ? {} : { opt: directory() }) },
    (tree) => makeDdi(makeParent(machine, path), { format: 'erofs', ...options, tree }),
  );
}

export interface PartOptions extends Partial<PartitionOptions> {
  readonly files?: Tree;
}

/** Partitions a disk with sfdisk(8): what systemd-repart(8) would never make. @param path below the root */
export function addDisk(machine: Machine, path: string, parts: readonly PartOptions[]): void {
  const made = parts.map(({ files, ...part }, index): PartitionOptions => {
    const type = part.type ?? typeOf('root', 'data', nativeArchitecture());
    if (files === undefined) return { ...part, type };
    const content = join(machine.directory, `part-${index}`);
    withSource(machine, files, (tree) => makeImage('squashfs', tree, content));
    return { ...part, type, content };
  });
  const size = parts.reduce((sum, part) => sum + (part.size ?? 1024 * 1024), 2 * 1024 * 1024);
  makeDisk(makeParent(machine, path), { size, partitions: made });
  for (const { content } of made) if (content !== undefined) rmSync(content);
}

/** The partitions of an image as they are chosen, and its bytes. */
export function partsOf(file: string, hierarchy: 'root' | 'usr' = 'root') {
  const bytes = readFileSync(file);
  const reader = bufferReader(bytes);
  const table = readPartitionTable(reader) as PartitionTable;
  const choice = choosePartitions(table, { architecture: nativeArchitecture() });
  if (choice.kind !== 'partition-choice') throw new Error(`no partitions: ${choice.kind}`);
  const chosen = choice[hierarchy] as ChosenPartition;
  return {
    bytes,
    table,
    chosen,
    /** The bytes of a partition. */
    section: ({ offset, size }: { offset: bigint; size: bigint }) => sectionOf(reader, offset, size),
  };
}

/** An image as `status --json` tells of it, by the name of its extension. */
export async function imageStatus(machine: Machine, name: string): Promise<Record<string, unknown>> {
  const { stdout } = succeeded(await machine.call('status --json=short'));
  const rows = JSON.parse(stdout) as { images: { name: string }[] }[];
  return rows.flatMap(({ images }) => images).find((image) => image.name === name) ?? {};
}

/** Has something done with a directory of files, and removes it. */
export function withSource<T>(machine: Machine, files: Tree, action: (directory: string) => T): T {
  const source = mkdtempSync(join(machine.directory, 'source-'));
  try {
    buildTree(source, files);
    return action(source);
  } finally {
    rmSync(source, { recursive: true });
  }
}

function makeParent(machine: Machine, path: string): string {
  const file = join(machine.root, path);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}
