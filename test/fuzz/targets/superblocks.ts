import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '../../../src/images/crc32c.js';
import { crc32cWithout } from '../../../src/images/file-system/format.js';
import { type FileSystemType, identify } from '../../../src/images/identify.js';
import { LAST_PLACE } from '../../support/image-bytes.js';
import { makeImage } from '../../support/make-images.js';
import { loadImage, type SparseImage, windowOf } from '../../support/sparse-image.js';
import type { Field, Seed, Target } from '../target.js';

export const SUPERBLOCKS: Target = {
  name: 'superblocks',
  limit: { reads: 20, total: 256 * 1024 },

  seeds(directory) {
    const source = join(directory, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'file'), 'content\n'.repeat(100));
    return (Object.keys(PLACES) as FileSystemType[]).map((type): Seed => {
      const image = loadImage(makeImage(type, source, join(directory, `${type}.raw`)), [[0, LAST_PLACE]]);
      const [from, length] = PLACES[type];
      const fields = Array.from({ length: length / 2 }, (_, at): Field => [from + 2 * at, at % 2 ? 2 : 4]);
      const repair = REPAIRS[type];
      return { name: type, image, fields, ...(repair && { repair }) };
    });
  },

  run(input) {
    const content = identify(input);
    if (content.kind === 'file-system' && content.size !== null && content.size > input.size)
      throw new Error(`a file system of ${content.size} bytes in ${input.size}`);
  },
};

/** Offset and length of the fields that are read. */
const PLACES: Record<FileSystemType, readonly [number, number]> = {
  squashfs: [0, 96],
  erofs: [1024, 128],
  ext4: [1024, 512],
  btrfs: [65536, 512],
  xfs: [0, 256],
  vfat: [0, 512],
};

const REPAIRS: Partial<Record<FileSystemType, (image: SparseImage) => void>> = {
  erofs(image) {
    const block = windowOf(image, 1024, 3072);
    block?.writeUInt32LE(crc32cWithout(block, 4), 4);
  },
  ext4(image) {
    const superblock = windowOf(image, 1024, 1024);
    superblock?.writeUInt32LE(crc32c(superblock.subarray(0, 0x3fc)), 0x3fc);
  },
  btrfs(image) {
    const superblock = windowOf(image, 65536, 4096);
    superblock?.writeUInt32LE(~crc32c(superblock.subarray(0x20)) >>> 0, 0);
  },
  xfs(image) {
    const sector = windowOf(image, 0, 512);
    sector?.writeUInt32LE(~crc32cWithout(sector, 224) >>> 0, 224);
  },
};
