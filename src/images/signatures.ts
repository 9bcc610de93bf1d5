import type { ArchiveFormat, ForeignContent, VirtualDiskFormat } from './content.js';

/** Bytes at a fixed place that tell what a file is. */
export interface Signature {
  readonly offset: number;
  readonly bytes: Buffer;
  readonly content: ForeignContent;
}

/** Signatures at the beginning of a file; a longer one stands before one that it begins with. */
export const SIGNATURES: readonly Signature[] = [
  at(0, '\x7fELF', { kind: 'elf' }), // System V ABI, "ELF Identification"
  archive('gzip', '\x1f\x8b\x08'), // RFC 1952, section 2.3.1; 8 is deflate, the only method there is
  archive('xz', '\xfd7zXZ\0'), // The .xz File Format 1.2.1, section 2.1.1.1
  archive('zstd', '\x28\xb5\x2f\xfd'), // RFC 8878, section 3.1.1
  ...skippableZstdFrames(),
  archive('lz4', '\x04\x22\x4d\x18'), // LZ4 Frame Format 1.6.4
  archive('lzip', 'LZIP'), // lzip(1), "File format"
  ...bzip2Streams(),
  archive('zip', 'PK\x03\x04'), // APPNOTE.TXT 6.3.10, section 4.3.7
  archive('zip', 'PK\x05\x06'), // empty: section 4.3.16
  archive('7z', '7z\xbc\xaf\x27\x1c'), // 7zFormat.txt, "SignatureHeader"
  archive('rar', 'Rar!\x1a\x07'), // RAR 5.0 archive format, "RAR signature"; 4 begins alike
  archive('cpio', '070701'), // cpio(5), "New ASCII format"
  archive('cpio', '070702'), // the same with checksums
  archive('cpio', '070707'), // cpio(5), "Portable ASCII format"
  archive('deb', '!<arch>\ndebian-binary'), // deb(5)
  archive('ar', '!<arch>\n'), // ar(5)
  archive('rpm', '\xed\xab\xee\xdb'), // rpm's docs/manual/format_lead.md
  virtualDisk('qcow2', 'QFI\xfb'), // QEMU's docs/interop/qcow2.rst
  virtualDisk('vmdk', 'KDMV'), // Virtual Disk Format 5.0, "Hosted Sparse Extents"
  virtualDisk('vhdx', 'vhdxfile'), // [MS-VHDX], section 2.2.1
  at(64, '\x7f\x10\xda\xbe', { kind: 'virtual-disk', format: 'vdi' }), // VirtualBox's VDICore.h, after 64 bytes of text
];

/** RFC 8878, section 3.1.2: frames with any content, which pzstd(1) begins its files with. */
function skippableZstdFrames(): Signature[] {
  return Array.from({ length: 16 }, (_, low) =>
    archive('zstd', `${String.fromCharCode(0x50 + low)}\x2a\x4d\x18`),
  );
}

/** `BZh`, the block size, and the magic of a block or, in an empty file, of the end. */
function bzip2Streams(): Signature[] {
  return [...'123456789'].flatMap((size) =>
    ['\x31\x41\x59\x26\x53\x59', '\x17\x72\x45\x38\x50\x90'].map((next) =>
      archive('bzip2', `BZh${size}${next}`),
    ),
  );
}

function archive(format: ArchiveFormat, bytes: string): Signature {
  return at(0, bytes, { kind: 'archive', format });
}

function virtualDisk(format: VirtualDiskFormat, bytes: string): Signature {
  return at(0, bytes, { kind: 'virtual-disk', format });
}

function at(offset: number, bytes: string, content: ForeignContent): Signature {
  return { offset, bytes: Buffer.from(bytes, 'latin1'), content };
}
