import { ELF_CODES } from './elf/codes.js';

/** Codes of findings about the release file and the name of an image. */
const RELEASE = {
  'no-release-file': 'error',
} as const;

/** Codes of findings about files, links, owners and modes. */
const TREE = {
  'outside-hierarchies': 'warning',
} as const;

/** Codes of findings about units and programs that they start. */
const UNITS = {
  'unit-not-started': 'warning',
} as const;

/**
 * Every code that a finding can have, and how bad it usually is. Codes never change their meaning, since people write
 * them down; each has its words in src/report/findings and its page in docs/findings.
 */
export const CODES = { ...RELEASE, ...TREE, ...UNITS, ...ELF_CODES } as const;

export type FindingCode = keyof typeof CODES;
