import { type Claims, type Format, hex, isPowerOfTwo, type Rule } from './format.js';

/** BS_FilSysType of FAT12/16 at 54 and of FAT32 at 82, and what DOS and Windows wrote there before (libblkid knows them). */
const TYPE_16 = /^(FAT12 {3}|FAT16 {3}|FAT {5}|MSDOS)/;
const TYPE_32 = /^(FAT32 {3}|MSWIN)/;

/** A volume has at most so many clusters: the highest numbers are reserved (MAX_FAT16 and MAX_FAT32 of the kernel's fs/fat/fat.h). */
const MAX_CLUSTERS_16 = 65524;
const MAX_CLUSTERS_32 = 0x0ffffff6;

/**
 * The boot sector of "Microsoft FAT Specification" (August 30, 2005), section 3; everything is little-endian.
 *
 * There is no magic: the signature 0x55AA is that of every boot sector, an MBR among them, and BS_FilSysType is a string
 * that drivers ignore. So a sector is a FAT volume if it has the string, or the jump instruction, the signature and
 * a BIOS parameter block (BPB) that keeps all rules; the code of an MBR does not, and NTFS and exFAT zero the fields.
 */
export const VFAT: Format = {
  type: 'vfat',
  offset: 0n,
  size: 512,

  recognize: (sector) =>
    TYPE_16.test(sector.toString('latin1', 54, 62)) ||
    TYPE_32.test(sector.toString('latin1', 82, 90)) ||
    (sector.length === 512 && hasJump(sector) && keepsAll(readBootSector(sector))),

  read: readBootSector,
};

function* readBootSector(sector: Buffer): Generator<Rule, Claims> {
  const sectorSize = sector.readUInt16LE(11); // BPB_BytsPerSec
  const sectorsPerCluster = sector.readUInt8(13);
  const reserved = sector.readUInt16LE(14);
  const fats = sector.readUInt8(16);
  const rootEntries = sector.readUInt16LE(17);
  const sectors = sector.readUInt16LE(19) || sector.readUInt32LE(32); // BPB_TotSec16 or BPB_TotSec32
  const media = sector.readUInt8(21);
  const fatSize16 = sector.readUInt16LE(22);
  const fatSize = fatSize16 || sector.readUInt32LE(36); // BPB_FATSz16 or BPB_FATSz32
  const isFat32 = fatSize16 === 0;
  const signature = sector.readUInt16LE(510);

  yield [
    'BPB_BytsPerSec',
    sectorSize,
    isPowerOfTwo(sectorSize) && sectorSize >= 512 && sectorSize <= 4096,
    'a power of two from 512 to 4096',
  ];
  yield ['BPB_SecPerClus', sectorsPerCluster, isPowerOfTwo(sectorsPerCluster), 'a power of two'];
  yield ['BPB_RsvdSecCnt', reserved, reserved > 0, 'at least 1'];
  yield ['BPB_NumFATs', fats, fats > 0, 'at least 1'];
  yield ['BPB_Media', media, media === 0xf0 || media >= 0xf8, '240 or 248 to 255'];
  yield [isFat32 ? 'BPB_FATSz32' : 'BPB_FATSz16', fatSize, fatSize > 0, 'at least 1'];
  // The root directory of FAT32 is a chain of clusters; that of FAT12/16 an area of whole sectors, 32 bytes an entry.
  const rootFits = isFat32 ? rootEntries === 0 : rootEntries > 0 && (rootEntries * 32) % sectorSize === 0;
  yield ['BPB_RootEntCnt', rootEntries, rootFits, isFat32 ? '0' : `a multiple of ${sectorSize / 32}`];
  const firstDataSector = reserved + fats * fatSize + (rootEntries * 32) / sectorSize;
  yield ['BPB_TotSec', sectors, sectors > firstDataSector, `more than ${firstDataSector}`];
  const clusters = Math.floor((sectors - firstDataSector) / sectorsPerCluster);
  const most = isFat32 ? MAX_CLUSTERS_32 : MAX_CLUSTERS_16;
  // Which of the three it is, the kernel tells by the field that holds the size of a FAT; the limits differ.
  yield ['clusters', clusters, clusters <= most, `at most ${most}`];
  yield ['Signature_word', hex(signature, 4), signature === 0xaa55, '0xaa55'];

  const size = BigInt(sectors) * BigInt(sectorSize);
  return { ...readExtension(sector.subarray(isFat32 ? 66 : 38)), size };
}

/** The extended boot record from BS_BootSig on: 0x29 there says that BS_VolID and BS_VolLab follow. */
function readExtension(extension: Buffer): { uuid: string | null; label: string | null } {
  if (extension.readUInt8(0) !== 0x29) return { uuid: null, label: null };
  const id = extension.readUInt32LE(1).toString(16).toUpperCase().padStart(8, '0');
  // In the code page of the machine that wrote it, which is not noted anywhere: so only ASCII can be told. The label may
  // be in the root directory too, but that would have to be looked for where the boot sector says.
  const label = extension
    .toString('latin1', 5, 16)
    .replace(/\0.*$/s, '')
    .replace(/[\x80-\xff]/g, '\ufffd')
    .trimEnd();
  return { uuid: `${id.slice(0, 4)}-${id.slice(4)}`, label: label === 'NO NAME' ? null : label || null };
}

/** BS_jmpBoot: a short jump and a no-op, or a near jump. */
function hasJump(sector: Buffer): boolean {
  return (sector[0] === 0xeb && sector[2] === 0x90) || sector[0] === 0xe9;
}

function keepsAll(rules: Iterable<Rule>): boolean {
  for (const [, , allowed] of rules) if (!allowed) return false;
  return true;
}
