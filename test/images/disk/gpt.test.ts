import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type ByteReader, bufferReader } from '../../../src/images/byte-reader.js';
import { readPartitionTable } from '../../../src/images/disk/gpt.js';
import type { PartitionTable } from '../../../src/images/disk/partition-table.js';
import { findCommand, provide } from '../../support/debian.js';
import { DISK_TOOLS, typeOf } from '../../support/disk-images.js';
import { diskScratch } from '../../support/disk-scratch.js';
import { ENTRY, HEADER, repairChecksums } from '../../support/gpt-bytes.js';
import { findRepart, NO_REPART, runRepart } from '../../support/make-ddi.js';

const MiB = 1024 * 1024;
const ROOT = typeOf('root');
const UUIDS = ['c1a5e7d0-0b7f-4c39-a6d3-000000000001', 'c1a5e7d0-0b7f-4c39-a6d3-000000000002'] as const;

/** Changes bytes in place, or gives others. */
type Edit = (bytes: Buffer) => unknown;

const flip = (bytes: Buffer, at: number) => bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);

const missing = provide(DISK_TOOLS);
const withTools = missing === null ? describe : describe.skip;
if (missing !== null) test.skip(missing, () => {});

withTools('a table that sfdisk writes', () => {
  const scratch = diskScratch();
  let disk: Buffer;
  beforeAll(() => {
    const partitions = UUIDS.map((uuid, at) => ({ type: ROOT, label: `x_${at}`, uuid, size: MiB / 4 }));
    disk = scratch.disk({ size: 2 * MiB, partitions });
  });
  /** Reads a changed copy; with `repair`, the checksums fit the change. */
  const read = (edit: Edit, repair = false) => {
    const copy = Buffer.from(disk);
    const result = edit(copy);
    const bytes = Buffer.isBuffer(result) ? result : copy;
    if (repair) repairChecksums(bytes);
    return readPartitionTable(bufferReader(bytes));
  };
  const second = () => disk.length - 512;

  test('is as sfdisk reads it', () => {
    const file = scratch.path();
    writeFileSync(file, disk);
    const said = JSON.parse(execFileSync(findCommand('sfdisk')!, ['--json', file]).toString()).partitiontable;
    const table = read(() => {}) as PartitionTable;
    expect(table).toMatchObject({ kind: 'partition-table', sectorSize: 512, usedBackup: false });
    expect(table.diskUuid).toBe(said.id.toLowerCase());
    for (const [at, one] of said.partitions.entries())
      expect(table.partitions[at]).toMatchObject({
        number: at + 1,
        type: one.type.toLowerCase(),
        uuid: one.uuid.toLowerCase(),
        label: one.name,
        offset: 512n * BigInt(one.start),
        size: 512n * BigInt(one.size),
      });
    expect(table.partitions).toHaveLength(2);
  });

  test('attributes are the bits that UAPI.2 says', () => {
    const bits = (attributes: string) => {
      const bytes = scratch.disk({ partitions: [{ type: ROOT, attributes }] });
      const { noAuto, readOnly, growFileSystem } = (readPartitionTable(bufferReader(bytes)) as PartitionTable)
        .partitions[0]!;
      return { noAuto, readOnly, growFileSystem };
    };
    expect(bits('GUID:63')).toEqual({ noAuto: true, readOnly: false, growFileSystem: false });
    expect(bits('GUID:60')).toEqual({ noAuto: false, readOnly: true, growFileSystem: false });
    expect(bits('GUID:59')).toEqual({ noAuto: false, readOnly: false, growFileSystem: true });
    expect(bits('RequiredPartition LegacyBIOSBootable GUID:48')).toEqual({
      noAuto: false,
      readOnly: false,
      growFileSystem: false,
    });
  });

  test('numbers count unused entries', () => {
    const table = read((bytes) => bytes.fill(0, 1024, 1024 + 128), true) as PartitionTable;
    expect(table.partitions.map(({ number }) => number)).toEqual([2]);
  });

  test.each(['table-length: 8', 'table-length: 256', 'first-lba: 40'])('with %s', (line) => {
    const bytes = scratch.disk({ partitions: [{ type: ROOT }], header: [line] });
    expect(readPartitionTable(bufferReader(bytes))).toMatchObject({ partitions: [{ number: 1 }] });
  });

  test('longer entries', () => {
    const table = read((bytes) => {
      for (const header of [512, second()]) {
        bytes.writeUInt32LE(256, header + HEADER.entrySize);
        bytes.writeUInt32LE(64, header + HEADER.entryCount);
      }
      bytes.copy(bytes, 1024 + 256, 1024 + 128, 1024 + 256);
      bytes.fill(0, 1024 + 128, 1024 + 256);
    }, true);
    expect(table).toMatchObject({
      kind: 'partition-table',
      partitions: [{ label: 'x_0' }, { number: 2, label: 'x_1' }],
    });
  });

  describe('labels', () => {
    const label = (bytes: Buffer) => {
      const table = read(
        (disk) => disk.fill(0, 1024 + ENTRY.name, 1024 + 128).set(bytes, 1024 + ENTRY.name),
        true,
      );
      return (table as PartitionTable).partitions[0]!.label;
    };
    test.each(['a'.repeat(36), '', '日本語', '\u001b[2J\n', '../../etc', '\ufeffx'])('%j', (text) => {
      expect(label(Buffer.from(text, 'utf16le'))).toBe(text);
    });
    test('end at the first NUL', () => expect(label(Buffer.from('ab\0cd', 'utf16le'))).toBe('ab'));
    test('half a character', () => expect(label(Buffer.from('00d86100', 'hex'))).toBe('\ufffda'));
  });

  describe('the second copy counts', () => {
    test.each<[string, Edit]>([
      ['without the first header', (bytes) => bytes.fill(0, 512, 1024)],
      ['with a wrong bit in the first header', (bytes) => flip(bytes, 512 + 60)],
      ['with a wrong bit in the first entries', (bytes) => flip(bytes, 1024 + 300)],
      [
        'at AlternateLBA, if the file has become longer',
        (bytes) => {
          flip(bytes, 1024);
          return Buffer.concat([bytes, Buffer.alloc(MiB + 100)]);
        },
      ],
    ])('%s', (_, edit) => {
      expect(read(edit)).toEqual({ ...(read(() => {}) as PartitionTable), usedBackup: true });
    });

    test('not if there is a first one', () => {
      expect(read((bytes) => bytes.fill(0, second()))).toMatchObject({ usedBackup: false });
      expect(read((bytes) => Buffer.concat([bytes, Buffer.alloc(MiB)]))).toMatchObject({ usedBackup: false });
    });
  });

  describe('is damaged by', () => {
    test.each<[string, number, number | bigint, string]>([
      ['Signature', HEADER.signature, 1, '0x4546492050415254'],
      ['Revision', HEADER.revision, 0x20000, '0x00010000'],
      ['HeaderSize', HEADER.headerSize, 91, '92 to 512'],
      ['HeaderSize', HEADER.headerSize, 513, '92 to 512'],
      ['MyLBA', HEADER.myLba, 2n, '1'],
      ['FirstUsableLBA', HEADER.firstUsable, 2n ** 64n - 1n, 'at most 4062'],
      ['PartitionEntryLBA', HEADER.entryLba, 1n, '2 to 2016'],
      ['PartitionEntryLBA', HEADER.entryLba, 2n ** 63n, '2 to 2016'],
      ['PartitionEntryLBA', HEADER.entryLba, 2020n, '2 to 2016'],
      ['NumberOfPartitionEntries', HEADER.entryCount, 0, '1 to 8192'],
      ['NumberOfPartitionEntries', HEADER.entryCount, 8193, '1 to 8192'],
      ['NumberOfPartitionEntries', HEADER.entryCount, 0xffffffff, '1 to 8192'],
      ['SizeOfPartitionEntry', HEADER.entrySize, 0, 'a power of two from 128 to 4096'],
      ['SizeOfPartitionEntry', HEADER.entrySize, 130, 'a power of two from 128 to 4096'],
      ['SizeOfPartitionEntry', HEADER.entrySize, 0x80000000, 'a power of two from 128 to 4096'],
    ])('%s at %d: %d', (field, at, value, wanted) => {
      const found = read((bytes) => {
        bytes.fill(0, second());
        if (field === 'Signature') bytes.fill(0, 512, 520);
        else if (typeof value === 'bigint') bytes.writeBigUInt64LE(value, 512 + at);
        else bytes.writeUInt32LE(value, 512 + at);
      }, field !== 'Signature');
      expect(found).toMatchObject({ kind: 'gpt-damaged', field });
      if (field !== 'Signature')
        expect(found).toMatchObject({
          wanted: field === 'PartitionEntryLBA' ? expect.stringMatching(/^2 to/) : wanted,
        });
    });

    test.each([
      ['HeaderCRC32', 512 + HEADER.diskGuid],
      ['PartitionEntryArrayCRC32', 1024 + 1000],
    ])('a wrong bit that %s tells', (field, at) => {
      const found = read((bytes) => {
        flip(bytes, at);
        bytes.fill(0, second());
      });
      expect(found).toMatchObject({ kind: 'gpt-damaged', field });
    });
  });

  test.each([33, 2000, 4000])('of which %d sectors are left', (sectors) => {
    expect(read((bytes) => bytes.subarray(0, sectors * 512))).toEqual({
      kind: 'gpt-cut-off',
      size: 4063n * 512n,
      available: BigInt(sectors * 512),
    });
  });

  test('of which only the second copy is cut off holds everything', () => {
    expect(read((bytes) => bytes.subarray(0, 4063 * 512))).toMatchObject({ kind: 'partition-table' });
  });

  describe('with an entry', () => {
    const withEntry = (first: bigint, last: bigint) =>
      read((bytes) => {
        bytes.copy(bytes, 1024 + 5 * 128, 1024, 1024 + 128);
        bytes.writeBigUInt64LE(first, 1024 + 5 * 128 + ENTRY.first);
        bytes.writeBigUInt64LE(last, 1024 + 5 * 128 + ENTRY.last);
      }, true);
    test.each([
      ['StartingLBA', 0n, 5000n],
      ['StartingLBA', 4064n, 4064n],
      ['StartingLBA', 2n ** 64n - 1n, 2n ** 64n - 1n],
      ['EndingLBA', 3900n, 4064n],
      ['EndingLBA', 3900n, 3899n],
      ['EndingLBA', 3900n, 2n ** 64n - 1n],
    ])('whose %s is outside: %d to %d', (field, first, last) => {
      expect(withEntry(first, last)).toMatchObject({ kind: 'partition-outside', number: 6, field });
    });
    test.each([
      [2, 1000n, 3500n],
      [1, 545n, 545n],
      [1, 34n, 34n],
    ])('that shares sectors with number %d', (number, first, last) => {
      expect(withEntry(first, last)).toEqual({ kind: 'partitions-overlap', numbers: [number, 6] });
    });
    test('that ends where another begins', () => {
      expect(withEntry(1058n, 1058n)).toMatchObject({ kind: 'partition-table' });
    });
  });

  describe('behind an MBR', () => {
    test('without signature counts as damaged', () => {
      expect(read((bytes) => bytes.fill(0, 510, 512))).toMatchObject({
        kind: 'gpt-damaged',
        wanted: '0xaa55',
      });
    });
    test('that does not protect it does not count', () => {
      expect(read((bytes) => bytes.writeUInt8(0x83, 450))).toEqual({ kind: 'mbr' });
      expect(read((bytes) => bytes.writeUInt8(2, 454))).toEqual({ kind: 'mbr' });
    });
    test('with other partitions too', () => {
      expect(read((bytes) => bytes.writeUInt8(0x83, 462 + 4))).toEqual({ kind: 'hybrid-mbr' });
    });
  });

  test('for each size of a sector', () => {
    const bytes = scratch.disk({
      size: 2 * MiB,
      partitions: [{ type: ROOT, size: MiB }],
      header: ['table-length: 8'],
    });
    // Between the entries and what is usable.
    const other = 4096;
    bytes.copy(bytes, other, 512, 512 + HEADER.entriesCrc + 4);
    bytes.writeBigUInt64LE(4n, other + HEADER.firstUsable);
    bytes.writeBigUInt64LE(100n, other + HEADER.lastUsable);
    repairChecksums(bytes, 4096);
    expect(readPartitionTable(bufferReader(bytes))).toEqual({ kind: 'sector-size-ambiguous' });
    bytes.fill(0, other, other + 8);
    expect(readPartitionTable(bufferReader(bytes))).toMatchObject({ sectorSize: 512, usedBackup: false });
  });
});

test('what is no partition table', () => {
  const read = (bytes: Buffer) => readPartitionTable(bufferReader(bytes));
  for (const size of [0, 1, 511, 512, 513, 4096, 9000])
    expect(read(Buffer.alloc(size))).toEqual({ kind: 'no-partition-table' });
});

const repart = findRepart() === null ? describe.skip : describe;
if (findRepart() === null) test.skip(NO_REPART, () => {});

repart('tables that systemd-repart writes', () => {
  const scratch = diskScratch();
  test.each([512, 4096] as const)('sectors of %d bytes', (sectorSize) => {
    const file = scratch.path();
    const definition = `[Partition]\nType=root\nLabel=x_1\nUUID=${UUIDS[0]}\nSizeMinBytes=64K\nSizeMaxBytes=64K\nReadOnly=yes\n`;
    runRepart(file, [definition], ['--size=2M', `--sector-size=${sectorSize}`]);
    const bytes = readFileSync(file);
    const expected = {
      kind: 'partition-table',
      sectorSize,
      usedBackup: false,
      partitions: [{ number: 1, label: 'x_1', uuid: UUIDS[0], size: 65536n, readOnly: true, noAuto: false }],
    };
    expect(readPartitionTable(bufferReader(bytes))).toMatchObject(expected);
    bytes.fill(0, sectorSize, 2 * sectorSize);
    expect(readPartitionTable(bufferReader(bytes))).toMatchObject({ ...expected, usedBackup: true });
  });
});

test('an image without damage is read in three places', () => {
  const reads: [bigint, number][] = [];
  const empty: ByteReader = {
    size: 2n ** 60n,
    read(offset, length) {
      reads.push([offset, length]);
      return Buffer.alloc(length);
    },
  };
  expect(readPartitionTable(empty)).toEqual({ kind: 'no-partition-table' });
  expect(reads).toEqual([
    [0n, 512],
    [512n, 512],
    [4096n, 4096],
  ]);
});
