import { DISK_TOOLS } from '../../support/disk-images.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import type { Target } from '../target.js';
import { OCI, TAR } from './archives.js';
import { ALLOW_FILE, COMMAND_LINE, CONFIGURATION } from './configuration.js';
import { ELF } from './elf.js';
import { GPT } from './gpt.js';
import { MARKS, MOUNTINFO, ORIGIN, WORK_DIRECTORY } from './metadata.js';
import { VERSIONED_NAMES, VERSIONS } from './names.js';
import { POLICY } from './policy.js';
import { LUKS, SCRIPT, UNIT_FILE } from './programs.js';
import { RELEASE } from './release.js';
import { SUPERBLOCKS } from './superblocks.js';
import { MANIFEST, PATTERN } from './update.js';
import { HASH_TREE, SIGNATURE_ALONE, SIGNATURE_PARTITION } from './verity.js';

export const TARGETS: readonly Target[] = [
  GPT,
  SUPERBLOCKS,
  HASH_TREE,
  SIGNATURE_PARTITION,
  SIGNATURE_ALONE,
  POLICY,
  ELF,
  LUKS,
  RELEASE,
  CONFIGURATION,
  COMMAND_LINE,
  ALLOW_FILE,
  VERSIONS,
  VERSIONED_NAMES,
  ORIGIN,
  WORK_DIRECTORY,
  MOUNTINFO,
  MARKS,
  UNIT_FILE,
  SCRIPT,
  MANIFEST,
  PATTERN,
  TAR,
  OCI,
];

/** What making the seeds takes, as `provide` of debian.ts has it. */
export const TOOLS: Readonly<Record<string, string>> = { ...IMAGE_TOOLS, ...DISK_TOOLS };
