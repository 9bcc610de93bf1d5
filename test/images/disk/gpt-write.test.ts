import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReader } from '../../../src/images/byte-reader.js';
import { readPartitionTable } from '../../../src/images/disk/gpt.js';
import { writeDisk } from '../../../src/images/disk/gpt-write.js';

const DISK = '01234567-89ab-cdef-8123-456789abcdef';
const TYPE = '4f68bce3-e8cd-4db1-96e7-fbcaf984b709';
const UUIDS = ['11111111-2222-4333-8444-555555555555', '66666666-7777-4888-9999-aaaaaaaaaaaa'] as const;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gpt-write-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string): string {
  const contents = [Buffer.alloc(4096, 'a'), Buffer.alloc(5000, 'b')].map((bytes, index) => {
    const file = join(directory, `content-${index}`);
    writeFileSync(file, bytes);
    return file;
  });
  const file = join(directory, name);
  const labels = ['root-x86-64', 'ä label of just 36 units of UTF-16...'];
  const partitions = contents.map((content, index) => ({
    type: TYPE,
    uuid: UUIDS[index]!,
    label: labels[index]!,
    content,
  }));
  writeDisk(file, DISK, partitions);
  return file;
}

/** @param damage what is done to the bytes first */
function read(file: string, damage: (bytes: Buffer) => void = () => {}) {
  const bytes = readFileSync(file);
  damage(bytes);
  writeFileSync(file, bytes);
  const reader = openReader(file);
  try {
    return readPartitionTable(reader);
  } finally {
    reader.close();
  }
}

const PARTITION = { type: TYPE, noAuto: false, readOnly: true, growFileSystem: false };
const TABLE = {
  kind: 'partition-table',
  sectorSize: 512,
  diskUuid: DISK,
  usedBackup: false,
  partitions: [
    { ...PARTITION, number: 1, uuid: UUIDS[0], label: 'root-x86-64', offset: 20480n, size: 4096n },
    {
      ...PARTITION,
      number: 2,
      uuid: UUIDS[1],
      label: 'ä label of just 36 units of UTF-16..',
      offset: 24576n,
      size: 8192n,
    },
  ],
};

test('what is written is what is read, from both copies', () => {
  const file = write('disk');
  expect(read(file)).toEqual(TABLE);
  expect(read(file, (bytes) => bytes.fill(0, 512, 1024))).toEqual({ ...TABLE, usedBackup: true });
});

test('the content is in its place, and the rest of the last block empty', () => {
  const bytes = readFileSync(write('disk'));
  expect(bytes.subarray(20480, 24576).equals(Buffer.alloc(4096, 'a'))).toBe(true);
  expect(bytes.subarray(24576, 29576).equals(Buffer.alloc(5000, 'b'))).toBe(true);
  expect(bytes.subarray(29576, 32768).every((byte) => byte === 0)).toBe(true);
  expect(bytes.length % 4096).toBe(0);
});

test('the same partitions give the same bytes', () => {
  expect(readFileSync(write('one')).equals(readFileSync(write('two')))).toBe(true);
});
