import { ElfError } from '../../../src/check/elf/format/elf-file.js';
import { readElf } from '../../../src/check/elf/format/read-elf.js';
import { type ElfSpec, elfWithLayout } from '../../support/elf-bytes.js';
import { imageOf } from '../../support/sparse-image.js';
import type { Field, Seed, Target } from '../target.js';

const FULL: ElfSpec = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libfoo.so.1', 'libc.so.6'],
  soname: 'libbar.so.2',
  runpath: '$ORIGIN/../lib',
  flags1: 0x8000000,
  versionsNeeded: [
    { library: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.38'].map((name) => ({ name, weak: false })) },
  ],
  versionsDefined: ['libbar.so.2', 'BAR_1', 'BAR_2'],
};

const every = (from: number, to: number, width: 1 | 2 | 4 | 8): Field[] =>
  Array.from({ length: Math.floor((to - from) / width) }, (_, index) => [from + index * width, width]);

function seedOf(width: 32 | 64, order: 'little' | 'big'): Seed {
  const { bytes, layout } = elfWithLayout({ ...FULL, width, order });
  const word = width === 64 ? 8 : 4;
  return {
    name: `${width} ${order}`,
    image: imageOf(bytes),
    fields: [
      ...every(4, layout.programHeaders, 2),
      ...every(layout.programHeaders, layout.interpreter, 4),
      ...every(layout.needed, layout.dynamic, 4),
      ...every(layout.dynamic, layout.strings, word),
    ],
  };
}

/** A program, with all that a dynamic loader reads of one. */
export const ELF: Target = {
  name: 'elf',
  limit: { reads: 20_000, total: 8 * 1024 * 1024 },
  seeds: () => ([32, 64] as const).flatMap((width) => [seedOf(width, 'little'), seedOf(width, 'big')]),
  run(input) {
    try {
      readElf(input);
    } catch (error) {
      if (!(error instanceof ElfError)) throw error;
    }
  },
};
