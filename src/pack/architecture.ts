import { join } from 'node:path';
import { ElfError } from '../check/elf/format/elf-file.js';
import { readElf } from '../check/elf/format/read-elf.js';
import { architectureOf } from '../check/elf/machine.js';
import { walkTree } from '../check/tree.js';
import { ARCHITECTURES } from '../host/architecture.js';
import { openReader } from '../images/byte-reader.js';
import type { Stage } from './stage.js';

/** The architecture that all programs and libraries of the tree are for; `null` if there are none, or for several ones. */
export function architectureIn({ root }: Stage): string | null {
  const found = new Set<string>();
  for (const { path, type, size } of walkTree(root).entries)
    if (type === 'file' && size >= 64) {
      const architecture = architectureOfFile(join(root, path));
      if (architecture !== null) found.add(architecture);
    }
  const [only] = found;
  return found.size === 1 && only !== undefined && ARCHITECTURES.has(only) ? only : null;
}

function architectureOfFile(path: string): string | null {
  const reader = openReader(path);
  try {
    const elf = readElf(reader);
    return elf === null ? null : architectureOf(elf);
  } catch (error) {
    if (error instanceof ElfError) return null;
    throw error;
  } finally {
    reader.close();
  }
}
