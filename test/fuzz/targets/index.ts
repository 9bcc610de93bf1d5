import { DISK_TOOLS } from '../../support/disk-images.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import type { Target } from '../target.js';
import { ELF } from './elf.js';
import { GPT } from './gpt.js';
import { POLICY } from './policy.js';
import { SUPERBLOCKS } from './superblocks.js';
import { HASH_TREE, SIGNATURE_ALONE, SIGNATURE_PARTITION } from './verity.js';

export const TARGETS: readonly Target[] = [
  GPT,
  SUPERBLOCKS,
  HASH_TREE,
  SIGNATURE_PARTITION,
  SIGNATURE_ALONE,
  POLICY,
  ELF,
];

/** What making the seeds takes, as `provide` of debian.ts has it. */
export const TOOLS: Readonly<Record<string, string>> = { ...IMAGE_TOOLS, ...DISK_TOOLS };
