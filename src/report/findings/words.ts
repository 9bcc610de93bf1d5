import type { FindingCode } from '../../check/finding.js';
import { ELF_WORDS } from './elf.js';
import { RELEASE_WORDS } from './release.js';
import { TREE_WORDS } from './tree.js';
import { UNIT_WORDS } from './units.js';
import type { Wording } from './wording.js';

/** The words for every code that a finding can have. */
export const WORDS: Readonly<Record<FindingCode, Wording>> = {
  ...RELEASE_WORDS,
  ...TREE_WORDS,
  ...UNIT_WORDS,
  ...ELF_WORDS,
};
