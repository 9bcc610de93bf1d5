import type { ByteReader } from './byte-reader.js';
import type { ForeignContent, ShapelessContent } from './content.js';
import { SIGNATURES } from './signatures.js';

/** The least that any superblock we know takes: that of squashfs. */
const SMALLEST_SUPERBLOCK = 96n;

/** Where a page of swap space can end, by the page sizes of the machines that Linux runs on. */
const PAGE_SIZES = [4096, 8192, 16384, 32768, 65536];

/**
 * Headers of device mapper targets. libblkid takes them before it looks for file systems, and so do we: what is behind
 * them is what was there before, or is meant to be read through them.
 */
export function deviceMapperHeader(reader: ByteReader): ForeignContent | null {
  const start = reader.read(0n, 8);
  // LUKS1 On-Disk Format Specification 1.2.3, section 2.1 and LUKS2 1.1.3, section 2.1: magic, then version, big-endian.
  if (start.length === 8 && start.subarray(0, 6).equals(Buffer.from('LUKS\xba\xbe', 'latin1'))) {
    return { kind: 'luks', version: start.readUInt16BE(6) };
  }
  // The superblock of a hash device, written by veritysetup(8) (cryptsetup's DMVerity on-disk format).
  return start.toString('latin1') === 'verity\0\0' ? { kind: 'verity' } : null;
}

/** What has a signature that no file system shares; null if none is found. */
export function foreignContent(reader: ByteReader): ForeignContent | null {
  const start = reader.read(0n, 4096);
  for (const { offset, bytes, content } of SIGNATURES) {
    if (start.subarray(offset, offset + bytes.length).equals(bytes)) return content;
  }
  // UEFI Specification 2.10, section 5.3.2: the header is in the second sector. That its checksums are right and
  // a protective MBR is before it is for the reader of the partition table to say.
  for (const sectorSize of [512, 4096] as const) {
    if (reader.read(BigInt(sectorSize), 8).equals(Buffer.from('EFI PART', 'latin1')))
      return { kind: 'gpt', sectorSize };
  }
  if (isTarHeader(start)) return { kind: 'archive', format: 'tar' };
  // ECMA-119, section 8.1: the first volume descriptor is in sector 16 of 2048 bytes, the identifier in byte 2 of it.
  if (reader.read(32769n, 5).equals(Buffer.from('CD001', 'latin1'))) return { kind: 'iso9660' };
  if (PAGE_SIZES.some((size) => isSwapMagic(reader.read(BigInt(size - 10), 10)))) return { kind: 'swap' };
  return isMbr(start) ? { kind: 'mbr' } : null;
}

/** What to say of bytes without any signature. */
export function shapelessContent(reader: ByteReader): ShapelessContent {
  const start = reader.read(0n, 8192);
  if (isText(start)) return { kind: 'text' };
  if (reader.size < SMALLEST_SUPERBLOCK) return { kind: 'too-short', size: reader.size };
  const looked = [start, reader.read(32768n, 2048), reader.read(65536n, 4096)];
  if (looked.every((bytes) => bytes.equals(Buffer.alloc(bytes.length)))) return { kind: 'zeros' };
  return { kind: 'unknown', start: start.toString('hex', 0, 8) };
}

/** union swap_header of include/linux/swap.h: the magic is at the end of the first page. */
function isSwapMagic(end: Buffer): boolean {
  const magic = end.toString('latin1');
  return magic === 'SWAPSPACE2' || magic === 'SWAP-SPACE';
}

/** tar(5): `ustar` at 257, or, in archives from before POSIX, a checksum at 148 that is right. */
function isTarHeader(start: Buffer): boolean {
  if (start.length < 512) return false;
  if (start.toString('latin1', 257, 262) === 'ustar') return true;
  const field = /^ *([0-7]+)[ \0]/.exec(start.toString('latin1', 148, 156));
  if (field === null || start[0] === 0) return false;
  let sum = 8 * 0x20; // the field itself counts as spaces
  for (let at = 0; at < 512; at += 1) if (at < 148 || at >= 156) sum += start[at]!;
  return Number.parseInt(field[1]!, 8) === sum;
}

/** Four entries of 16 bytes from 446 on: each begins with 0x80 if active or else 0, type and length are not 0 if it is used. */
function isMbr(start: Buffer): boolean {
  if (start.length < 512 || start.readUInt16LE(510) !== 0xaa55) return false;
  const entries = [446, 462, 478, 494].map((at) => start.subarray(at, at + 16));
  return (
    entries.every((entry) => (entry.readUInt8(0) & 0x7f) === 0) &&
    entries.some((entry) => entry.readUInt8(4) !== 0 && entry.readUInt32LE(12) !== 0)
  );
}

/** UTF-8 without control characters but those of text files, backspace and escape. */
function isText(start: Buffer): boolean {
  try {
    // As a stream, because the last character may go on behind what was read.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return !/[\x00-\x07\x0b\x0e-\x1a\x1c-\x1f\x7f]/.test(text);
  } catch {
    return false;
  }
}
