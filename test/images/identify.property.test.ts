import fc from 'fast-check';
import { bufferReader } from '../../src/images/byte-reader.js';
import { type Content, type FileSystemType, identify } from '../../src/images/identify.js';
import { changed, type ImageStart, LAST_PLACE, watch } from '../support/image-bytes.js';
import { imageScratch } from '../support/image-scratch.js';

const TYPES = ['squashfs', 'erofs', 'ext4', 'btrfs', 'xfs', 'vfat'] as const;

/** Where the superblock of each type is, in bytes. */
const SUPERBLOCKS: Record<FileSystemType, readonly [from: number, to: number]> = {
  squashfs: [0, 96],
  erofs: [1024, 1024 + 128],
  ext4: [1024, 2048],
  btrfs: [65536, 69632],
  xfs: [0, 512],
  vfat: [0, 512],
};

const scratch = imageScratch();
const images = new Map<FileSystemType, ImageStart>();
beforeAll(() => {
  for (const type of TYPES) images.set(type, scratch.load(type));
});

/** What holds of any answer; that it reads no more and nowhere else than it may, the watching reader checks. */
function check(start: ImageStart): Content {
  const content = identify(watch(start));
  switch (content.kind) {
    case 'file-system':
      if (content.size !== null) expect(content.size <= start.size).toBe(true);
      break;
    case 'truncated':
      expect(content.size > content.available).toBe(true);
      expect(content.available).toBe(start.size);
      break;
    case 'damaged':
      expect(content.field).not.toBe('');
      expect(content.found).not.toBe('');
      expect(content.found).not.toBe(content.wanted);
      break;
    case 'ambiguous':
      expect(new Set(content.types).size).toBeGreaterThan(1);
  }
  return content;
}

/** Magics, where they belong: a file without any is told apart soon. */
const MAGICS: readonly (readonly [at: number, bytes: string])[] = [
  [0, 'hsqs'],
  [1024, '\xe2\xe1\xf5\xe0'],
  [1024 + 0x38, '\x53\xef'],
  [65536 + 0x40, '_BHRfS_M'],
  [0, 'XFSB'],
  [54, 'FAT16   '],
  [82, 'FAT32   '],
  [510, '\x55\xaa'],
  [0, 'LUKS\xba\xbe'],
  [512, 'EFI PART'],
  [257, 'ustar'],
];

test('any bytes with any magics in them are something', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 4096 }),
      fc.integer({ min: 0, max: LAST_PLACE + 4096 }),
      fc.subarray([...MAGICS]),
      (noise, size, magics) => {
        const all = Buffer.alloc(LAST_PLACE + 4096);
        for (const place of [0, 1024, 65536]) all.set(noise, place);
        for (const [at, magic] of magics) all.write(magic, at, 'latin1');
        const bytes = all.subarray(0, size);
        check({ bytes, size: BigInt(size) });
      },
    ),
    { numRuns: 200 },
  );
});

test('short files are something', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2200 }), (bytes) => {
      const start = { bytes: Buffer.from(bytes), size: BigInt(bytes.length) };
      expect(check(start)).toEqual(identify(bufferReader(start.bytes)));
    }),
    { numRuns: 100 },
  );
});

describe.each(TYPES)('%s', (type) => {
  const [from, to] = SUPERBLOCKS[type];
  const edits = fc.array(
    fc.tuple(
      fc.integer({ min: from, max: to - 8 }),
      fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 8 }),
        // The ends of ranges, as 1 to 8 bytes.
        fc
          .tuple(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.integer({ min: 1, max: 8 }))
          .map(([byte, length]) => new Uint8Array(length).fill(byte)),
      ),
    ),
    { minLength: 1, maxLength: 4 },
  );

  test('with some bytes changed is something', () => {
    fc.assert(
      fc.property(edits, (list) => {
        const edit = (bytes: Buffer) => {
          for (const [at, value] of list) bytes.set(value, at);
        };
        check(changed(images.get(type)!, edit));
      }),
      { numRuns: 100 },
    );
  });

  test('of any length is something, and shorter than it says never whole', () => {
    const image = images.get(type)!;
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: image.size - 1n }), (size) => {
        const bytes = image.bytes.subarray(0, Number(size));
        const content = check({ bytes, size });
        // What mksquashfs pads its images with need not be there.
        if (type !== 'squashfs') expect(content.kind).not.toBe('file-system');
      }),
      { numRuns: 50 },
    );
  });
});
