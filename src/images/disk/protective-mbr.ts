/** What the first sector says of the partition table: see {@link readMbr}. */
export type MbrKind = 'none' | 'mbr' | 'protective' | 'hybrid';

const ENTRIES = [446, 462, 478, 494] as const;

/** OSType of the partition that covers a disk with a GPT. */
const GPT_PROTECTIVE = 0xee;

/**
 * UEFI Specification 2.10, section 5.2.3: a disk with a GPT begins with an MBR whose one partition, of type 0xEE from the
 * second sector on, keeps tools that only know MBRs from writing to it. Neither the kernel nor systemd follows a GPT
 * without it. Both follow one with other partitions beside that one, a hybrid, where whatever reads the MBR sees another
 * disk; an extension has no use for that.
 *
 * How long the partition is nobody checks, since it is wrong on every image that was copied to a larger disk.
 *
 * @param sector the first 512 bytes, possibly fewer
 */
export function readMbr(sector: Buffer): MbrKind {
  if (sector.length < 512 || sector.readUInt16LE(510) !== 0xaa55) return 'none';
  const used = ENTRIES.map((at) => sector.subarray(at, at + 16)).filter((entry) => entry.readUInt8(4) !== 0);
  const isProtective = (entry: Buffer) =>
    entry.readUInt8(4) === GPT_PROTECTIVE && entry.readUInt32LE(8) === 1;
  if (!used.some(isProtective)) return 'mbr';
  return used.length === 1 ? 'protective' : 'hybrid';
}
