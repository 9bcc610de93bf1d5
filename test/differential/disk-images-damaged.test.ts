import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extension, HOST } from '../support/fixtures.js';
import { ENTRY, HEADER, repairChecksums } from '../support/gpt-bytes.js';
import { findRepart, makeDdi, NO_REPART } from '../support/make-ddi.js';
import { below, buildTree, type Entry, file } from '../support/tree.js';
import { content, DISKS, disk, missingDiskTools, rootPart } from './disks.js';
import type { Scenario } from './scenario.js';
import { differential } from './suite.js';

const VAR = 'var/lib/extensions';
const SECTOR = 512;

/** A disk with a root partition, and something wrong with it. */
const changed = (change: (disk: Buffer) => Buffer | undefined): Entry =>
  disk([rootPart('a')], { change: (bytes) => change(bytes) ?? bytes });

const flip = (bytes: Buffer, offset: number): void => {
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
};
const lastSector = (bytes: Buffer, sector = SECTOR): number => bytes.length - sector;
const damageFirst = (bytes: Buffer): void => flip(bytes, SECTOR + HEADER.diskGuid);
const damageBackup = (bytes: Buffer): void => flip(bytes, lastSector(bytes) + HEADER.diskGuid);
const entry = (bytes: Buffer, number: number): Buffer =>
  bytes.subarray(2 * SECTOR + (number - 1) * 128, 2 * SECTOR + number * 128);

/** Disks that are as good as whole, each of its own name. */
const mended: Readonly<Record<string, (bytes: Buffer) => void>> = {
  'damaged first header': damageFirst,
  'zeros in place of the first header': (bytes) => void bytes.fill(0, SECTOR, 2 * SECTOR),
  'damaged entries of the first header': (bytes) => flip(bytes, 2 * SECTOR + ENTRY.name),
  'damaged backup': damageBackup,
  'zeros in place of the backup': (bytes) => void bytes.fill(0, lastSector(bytes)),
  'damaged entries of the backup': (bytes) => flip(bytes, lastSector(bytes) - 32 * SECTOR),
};

/** Disks that nobody can read. */
const refused: Readonly<Record<string, Entry>> = {
  'both headers damaged': changed((bytes) => {
    damageFirst(bytes);
    damageBackup(bytes);
  }),
  'entries of both copies damaged': changed((bytes) => {
    flip(bytes, 2 * SECTOR + ENTRY.name);
    flip(bytes, lastSector(bytes) - 32 * SECTOR + ENTRY.name);
  }),
  'the signature of the protective MBR is gone': changed((bytes) => void bytes.fill(0, 510, 512)),
  'a file that ends in the partition': changed((bytes) => bytes.subarray(0, 1024 * 1024 + 600)),
  'a partition beyond the end': changed((bytes) => {
    entry(bytes, 1).writeBigUInt64LE(BigInt(bytes.length), ENTRY.last);
    bytes.fill(0, lastSector(bytes));
    repairChecksums(bytes.subarray(0, lastSector(bytes)));
  }),
  'a disk without GPT': disk([rootPart('a', 'mbr', { type: '83' })], { label: 'dos' }),
  'a root partition that ends before its file system': changed((bytes) => {
    const part = entry(bytes, 1);
    part.writeBigUInt64LE(part.readBigUInt64LE(ENTRY.first), ENTRY.last);
    bytes.fill(0, lastSector(bytes));
    repairChecksums(bytes.subarray(0, lastSector(bytes)));
  }),
};

/** Only ours uses the first two, and refuses the others. */
const different: readonly Scenario[] = [
  {
    name: 'a disk without GPT, with one partition to boot from',
    tree: {
      [`${VAR}/a.raw`]: disk([rootPart('a', 'mbr', { type: '83', bootable: true })], { label: 'dos' }),
    },
    calls: [{ args: 'merge', differs: ['mbr-disk'], expects: { status: '1', mounts: /^$/ } }, 'unmerge'],
  },
  {
    name: 'an MBR with a partition beside the GPT',
    tree: {
      [`${VAR}/a.raw`]: changed((bytes) => {
        // A second entry, with the bytes of the root partition.
        bytes.set([0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 8, 0, 0], 446 + 16);
      }),
    },
    calls: [
      { args: 'merge', differs: ['ambiguous-table'], expects: { status: '1', mounts: /^$/ } },
      'unmerge',
    ],
  },
  {
    name: 'partitions that overlap',
    tree: {
      [`${VAR}/a.raw`]: disk([rootPart('a'), rootPart('a')], {
        change: (bytes) => {
          const [first, second] = [entry(bytes, 1), entry(bytes, 2)];
          second.writeBigUInt64LE(first.readBigUInt64LE(ENTRY.last), ENTRY.first);
          bytes.fill(0, lastSector(bytes));
          repairChecksums(bytes.subarray(0, lastSector(bytes)));
          return bytes;
        },
      }),
    },
    calls: [
      { args: 'merge', differs: ['ambiguous-table'], expects: { status: '1', mounts: /^$/ } },
      'unmerge',
    ],
  },
  {
    name: 'entries of 256 bytes',
    tree: {
      [`${VAR}/a.raw`]: changed((bytes) => {
        const header = bytes.subarray(SECTOR, 2 * SECTOR);
        header.writeUInt32LE(256, HEADER.entrySize);
        header.writeUInt32LE(64, HEADER.entryCount);
        bytes.fill(0, lastSector(bytes));
        repairChecksums(bytes.subarray(0, lastSector(bytes)));
      }),
    },
    calls: [
      { args: 'merge', differs: ['large-entries'], expects: { status: '0', tree: '"opt/a" "root"' } },
      'unmerge',
    ],
  },
];

const missing = missingDiskTools();
if (missing !== null) {
  test.skip(`damaged disk images: ${missing}`, () => {});
} else {
  differential('damaged disk images', [
    {
      ...DISKS,
      name: Object.keys(mended).join(', '),
      tree: {
        ...HOST,
        ...Object.fromEntries(
          Object.values(mended).map((change, index) => [
            `${VAR}/a${index}.raw`,
            disk([rootPart(`a${index}`)], {
              change: (bytes) => {
                change(bytes);
                return bytes;
              },
            }),
          ]),
        ),
      },
      calls: ['list --json=short', { args: 'merge', expects: { status: '0' } }],
    },
    ...Object.entries(refused).map(([name, image]) => ({
      ...DISKS,
      name,
      tree: { ...HOST, ...extension('good'), [`${VAR}/a.raw`]: image },
      calls: ['list', { args: 'merge', expects: { status: '1', mounts: /^$/ } }],
    })),
    ...different.map(({ tree, ...rest }) => ({ ...DISKS, ...rest, tree: { ...HOST, ...tree } })),
  ]);
}

const noDdi = missing ?? (findRepart() === null ? NO_REPART : null);
if (noDdi !== null) {
  test.skip(`disk images with sectors of 4096 bytes: ${noDdi}`, () => {});
} else {
  const whole = ddi('a');
  const backupOnly = file(() => {
    const bytes = Buffer.from((whole as { content: () => Buffer }).content());
    bytes.fill(0, 4096, 2 * 4096);
    return bytes;
  });
  differential('disk images with sectors of 4096 bytes', [
    {
      ...DISKS,
      name: 'whole',
      tree: { ...HOST, [`${VAR}/a.raw`]: whole, [`${VAR}/b.raw`]: ddi('b', 'usr') },
      calls: ['list --json=short', { args: 'merge', expects: { status: '0' } }, 'refresh'],
    },
    {
      ...DISKS,
      name: 'without first header',
      tree: { ...HOST, [`${VAR}/a.raw`]: backupOnly },
      calls: [
        { args: 'merge', differs: ['damaged-table'], expects: { status: '0', tree: '"opt/a" "4096"' } },
        'unmerge',
      ],
    },
  ]);
}

/** Made by systemd-repart(8), since sfdisk(8) takes every file for a disk with sectors of 512 bytes. */
function ddi(name: string, hierarchy: 'root' | 'usr' = 'root'): Entry {
  let made: Buffer | undefined;
  return file(() => {
    made ??= make(name, hierarchy);
    return made;
  });
}

function make(name: string, hierarchy: 'root' | 'usr'): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-disk-'));
  try {
    buildTree(directory, below('tree', content(name, '4096')));
    const { file } = makeDdi(join(directory, 'disk'), {
      tree: join(directory, 'tree'),
      hierarchy,
      format: 'squashfs',
      sectorSize: 4096,
    });
    return readFileSync(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
