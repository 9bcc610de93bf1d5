import type { ByteReader } from '../../../images/byte-reader.js';
import { readDynamic } from './dynamic.js';
import { ElfError, type ElfFile } from './elf-file.js';
import { readExactly } from './fields.js';
import { type ElfHeader, readHeader, type Segment } from './header.js';

/** `p_type` of the segments that are looked at. */
const PT_INTERP = 3;

/** `PATH_MAX`: the kernel takes no longer path of an interpreter (`load_elf_binary` in fs/binfmt_elf.c). */
const LONGEST_PATH = 4096;

/**
 * Reads what the dynamic loader reads of a program or library, by the program headers as it does: sections may be stripped.
 * Offsets and counts are those of a file that may be hostile: each is compared with the file and with a limit before
 * anything is read by it, so that the time and memory this takes do not depend on them.
 *
 * @returns `null` if it is no ELF file, or neither a program nor a library
 * @throws ElfError, and what `reader` throws
 */
export function readElf(reader: ByteReader): ElfFile | null {
  const header = readHeader(reader);
  if (header === null) return null;
  const { encoding, type, machine, flags } = header;
  return {
    ...encoding,
    machine,
    flags,
    type,
    interpreter: readInterpreter(reader, header),
    dynamic: readDynamic(reader, header),
  };
}

/** Of several the kernel takes the first. One without bytes in the file is left by objcopy(1) in files for debuggers. */
function readInterpreter(reader: ByteReader, { segments }: ElfHeader): string | null {
  const segment: Segment | undefined = segments.find(({ type }) => type === PT_INTERP);
  if (segment === undefined || segment.size === 0) return null;
  if (segment.size > LONGEST_PATH) throw new ElfError('interpreter', 'too-large');
  const bytes = readExactly(reader, segment.offset, segment.size, 'interpreter');
  if (bytes.at(-1) !== 0) throw new ElfError('interpreter', 'invalid');
  return bytes.toString('utf8', 0, bytes.indexOf(0));
}
