import type { ByteReader } from './byte-reader.js';

/** Sizes that a LUKS2 header can have with its JSON area, in bytes. */
const BINARY_HEADER = 4096;
const MOST = 4 * 1024 * 1024;

/**
 * Whether a LUKS volume notices when its content is changed (cryptsetup(8), `--integrity`): LUKS2 On-Disk Format
 * Specification 1.1.3, sections 2 and 3.3. Big-endian; the JSON area is padded with zeros.
 *
 * @param volume from its first byte on
 * @returns false also for a header that cannot be read: cryptsetup will say what is wrong with it
 * @throws only what `volume` throws
 */
export function hasIntegrity(volume: ByteReader): boolean {
  const header = volume.read(0n, 16);
  if (header.length < 16 || header.readUInt16BE(6) !== 2) return false;
  const size = header.readBigUInt64BE(8);
  if (size <= BINARY_HEADER || size > MOST) return false;
  const text = volume.read(BigInt(BINARY_HEADER), Number(size) - BINARY_HEADER).toString('utf8');
  try {
    const { segments } = JSON.parse(text.replace(/\0.*$/s, '')) as { segments: Record<string, object> };
    return Object.values(segments).some((segment) => 'integrity' in segment);
  } catch {
    return false;
  }
}
