import { type ByteReader, sectionOf } from './byte-reader.js';
import type { Content, FileSystem } from './content.js';
import { choosePartitions } from './disk/choose-partitions.js';
import { readPartitionTable } from './disk/gpt.js';
import type { ChosenPartition, Wanted } from './disk/partition-choice.js';
import type { Dissection, DissectionProblem, EncryptedVolume, Part } from './dissection.js';
import { identify } from './identify.js';
import { hasIntegrity } from './luks.js';
import type { DataDesignator } from './policy/designator.js';

/** What loop devices count in, whatever the disk, in bytes. */
const SECTOR = 512n;

/** What the kernel reads of squashfs at once: its last block has to be there as a whole (fs/squashfs/super.c). */
const SQUASHFS_BLOCK = 1024n;

/**
 * Tells which parts of an image are to be mounted: a bare file system, or the root or usr partition of a GPT disk image
 * (systemd-sysext(8), "image types"; Discoverable Partitions Specification, UAPI.2). Reads superblocks and tables, as
 * {@link identify} and readPartitionTable() do.
 *
 * @param wanted by what partitions are chosen
 * @throws only what `reader` throws
 */
export function dissect(reader: ByteReader, wanted: Wanted): Dissection | DissectionProblem {
  const content = identifyPart(reader);
  // A disk whose first header is gone looks as if it had an MBR only.
  if (content.kind === 'gpt' || content.kind === 'mbr') return dissectDisk(reader, wanted);
  if (!isMountable(content)) return content;
  const partial = content.kind === 'file-system' ? findPartialBlock(content, reader.size) : null;
  if (partial !== null) return partial;
  const extent = { offset: 0n, size: reader.size };
  const part: Part = { designator: 'root', chosen: null, extent, content };
  return { kind: 'dissection', table: null, parts: [part], passedOver: [] };
}

function dissectDisk(reader: ByteReader, wanted: Wanted): Dissection | DissectionProblem {
  const table = readPartitionTable(reader);
  if (table.kind !== 'partition-table') return table;
  const choice = choosePartitions(table, wanted);
  if (choice.kind !== 'partition-choice') return { ...choice, table };
  const parts: Part[] = [];
  for (const designator of ['root', 'usr'] as const) {
    const chosen = choice[designator];
    if (chosen === null) continue;
    const part = readPart(reader, designator, chosen);
    if ('kind' in part) return part;
    parts.push(part);
  }
  const { passedOver } = choice;
  return { kind: 'dissection', table, parts: parts as [Part, ...Part[]], passedOver };
}

function readPart(
  reader: ByteReader,
  designator: DataDesignator,
  chosen: ChosenPartition,
): Part | DissectionProblem {
  const { offset, size } = chosen.data;
  const content = identifyPart(sectionOf(reader, offset, size));
  if (!isMountable(content)) return { kind: 'partition', partition: chosen.data, content };
  return { designator, chosen, extent: { offset, size }, content };
}

type PartContent = Exclude<Content, { readonly kind: 'luks' }> | EncryptedVolume;

function identifyPart(reader: ByteReader): PartContent {
  const content = identify(reader);
  return content.kind === 'luks' ? { ...content, hasIntegrity: hasIntegrity(reader) } : content;
}

function findPartialBlock({ type, size: used }: FileSystem, size: bigint): DissectionProblem | null {
  const block = type === 'squashfs' ? SQUASHFS_BLOCK : SECTOR;
  const needed = used === null ? 0n : ((used + block - 1n) / block) * block;
  return needed > size - (size % SECTOR) ? { kind: 'partial-block', size, block } : null;
}

function isMountable(content: PartContent): content is FileSystem | EncryptedVolume {
  return content.kind === 'file-system' || content.kind === 'luks';
}
