import { join } from 'node:path';
import { sectionOf } from '../../../src/images/byte-reader.js';
import { choosePartitions } from '../../../src/images/disk/choose-partitions.js';
import { readPartitionTable } from '../../../src/images/disk/gpt.js';
import type { PartitionTable, SectorSize } from '../../../src/images/disk/partition-table.js';
import { identify } from '../../../src/images/identify.js';
import { makeDisk, typeOf } from '../../support/disk-images.js';
import { ENTRY, HEADER, repairChecksums } from '../../support/gpt-bytes.js';
import { findRepart, runRepart } from '../../support/make-ddi.js';
import { loadImage } from '../../support/sparse-image.js';
import type { Field, Seed, Target } from '../target.js';

const KiB = 1024;

/** A sector and the entries, for each of two sizes of a sector and three places of a copy, and what tells what a partition is. */
const LIMIT = { reads: 80, total: 6 * (KiB * KiB + 8 * KiB) + 4 * 160 * KiB };

export const GPT: Target = {
  name: 'gpt',
  limit: LIMIT,

  seeds(directory) {
    const partition = (label: string, role: 'data' | 'verity' | 'signature' = 'data') => ({
      type: typeOf('root', role),
      label,
      size: 8 * KiB,
    });
    const pair = [
      partition('x_1'),
      partition('x_1', 'verity'),
      partition('x_1', 'signature'),
      partition('_empty'),
    ];
    const few = [partition('x_2'), { ...partition('x_3'), attributes: 'GUID:63' }];
    // Most of the time goes into checksums of entries, and eight have as many mistakes in them as 128.
    const header = ['table-length: 8'];
    const disk = (name: string, options: Parameters<typeof makeDisk>[1]) =>
      makeDisk(join(directory, name), options);
    return [
      seedOf('128 entries', disk('128', { size: 128 * KiB, partitions: pair }), 512),
      seedOf('8 entries', disk('8', { size: 128 * KiB, partitions: few, header }), 512),
      seedOf('1 TiB', disk('tib', { size: 2 ** 40, partitions: [...pair, ...few], header }), 512),
      ...largeSectors(directory),
    ];
  },

  run(input) {
    const table = readPartitionTable(input);
    if (table.kind !== 'partition-table') return;
    checkPlaces(table, input.size);
    for (const rootHash of [undefined, { hierarchy: 'root', hash: '0'.repeat(64) }] as const) {
      const choice = choosePartitions(table, { architecture: 'x86-64', ...(rootHash && { rootHash }) });
      if (choice.kind !== 'partition-choice') continue;
      const { root, usr, passedOver } = choice;
      const chosen = [root, usr].flatMap((one) => (one ? [one.data, one.verity, one.signature] : []));
      const used = chosen.filter((one) => one !== null);
      if (used.length + passedOver.length !== table.partitions.length) throw new Error('a partition is lost');
      if (root && !rootHash) identify(sectionOf(input, root.data.offset, root.data.size));
    }
  },
};

/** Partitions lie in the file and share nothing, or what is checked is not what is mounted. */
function checkPlaces({ partitions, sectorSize }: PartitionTable, size: bigint): void {
  let end = 2n * BigInt(sectorSize);
  for (const one of [...partitions].sort((a, b) => (a.offset < b.offset ? -1 : 1))) {
    if (one.offset < end || one.size <= 0n)
      throw new Error(`partition ${one.number} is not behind the one before`);
    end = one.offset + one.size;
  }
  if (end > size && partitions.length > 0) throw new Error('a partition ends behind the file');
}

function largeSectors(directory: string): Seed[] {
  if (findRepart() === null) return [];
  const file = join(directory, 'large');
  const definition = '[Partition]\nType=root\nSizeMinBytes=64K\nSizeMaxBytes=64K\n';
  runRepart(file, [definition, definition], ['--size=1M', '--sector-size=4096']);
  return [seedOf('sectors of 4096 bytes', file, 4096)];
}

function seedOf(name: string, file: string, sectorSize: SectorSize): Seed {
  const headers = Object.values(HEADER).flatMap((at): Field[] =>
    [sectorSize, -sectorSize].map((base) => [base + at, at === HEADER.signature ? 8 : widthOf(at)] as const),
  );
  const entries = [0, 1, 2, 3].flatMap((number) =>
    Object.values(ENTRY).map((at): Field => [2 * sectorSize + number * 128 + at, 8]),
  );
  const mbr: Field[] = [
    [450, 1],
    [454, 4],
    [466, 1],
    [510, 2],
  ];
  return {
    name,
    image: loadImage(file, [
      [0, 2 * sectorSize + 16 * KiB],
      [-(sectorSize + 16 * KiB), sectorSize + 16 * KiB],
    ]),
    fields: [...headers, ...headers, ...entries, ...mbr],
    repair: (image) => repairChecksums(image, sectorSize),
  };
}

function widthOf(at: number): 4 | 8 {
  const wide: readonly number[] = [
    HEADER.myLba,
    HEADER.alternateLba,
    HEADER.firstUsable,
    HEADER.lastUsable,
    HEADER.entryLba,
  ];
  return wide.includes(at) ? 8 : 4;
}
