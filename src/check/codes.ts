import { ELF_CODES } from './elf/codes.js';

/** Codes of findings about the name and the release file of an image. */
export const RELEASE_CODES = {
  'bad-image-name': 'error',
  'no-release-file': 'error',
  'ambiguous-release-file': 'error',
  'empty-release-file': 'error',
  'unreadable-release-file': 'error',
  'release-file-syntax': 'warning',
  'no-id': 'error',
  'no-version': 'warning',
  'unknown-architecture': 'error',
  'unknown-scope': 'error',
  'wrong-class-field': 'warning',
  'bad-reload-field': 'warning',
  'does-not-fit-host': 'error',
  'os-release-inside': 'error',
  'version-sorts-wrong': 'warning',
} as const;

/** Codes of findings about files, owners, modes and links. */
export const TREE_CODES = {
  'outside-hierarchies': 'warning',
  'hierarchy-not-directory': 'error',
  'nothing-to-merge': 'warning',
  'unreadable-entry': 'error',
  'too-many-entries': 'error',
  'name-not-utf8': 'note',
  'wrong-owner': 'warning',
  'writable-by-all': 'error',
  'closed-directory': 'warning',
  'set-user-id': 'warning',
  'device-file': 'warning',
  whiteout: 'warning',
  'special-file': 'warning',
  'shared-index': 'warning',
  'type-conflict': 'error',
  'dangling-symlink': 'warning',
  'symlink-loop': 'error',
  'absolute-symlink': 'note',
  'link-out-of-image': 'warning',
  'link-to-unmerged': 'warning',
} as const;

/** Codes of findings about units and the programs that they start. */
export const UNIT_CODES = {
  'unit-unreadable': 'error',
  'unit-not-started': 'warning',
  'no-manager-reload': 'warning',
  'unknown-unit': 'warning',
  'exec-missing': 'error',
  'exec-not-executable': 'error',
} as const;

/**
 * Every code that a finding can have, and how bad it usually is. Codes never change their meaning, since people write
 * them down; each has its words in src/report/findings and its page in docs/findings.
 */
export const CODES = { ...RELEASE_CODES, ...TREE_CODES, ...UNIT_CODES, ...ELF_CODES } as const;

export type FindingCode = keyof typeof CODES;
