import { DISK_TOOLS } from '../../support/disk-images.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import type { Target } from '../target.js';
import { GPT } from './gpt.js';
import { SUPERBLOCKS } from './superblocks.js';

export const TARGETS: readonly Target[] = [GPT, SUPERBLOCKS];

/** What making the seeds takes, as `provide` of debian.ts has it. */
export const TOOLS: Readonly<Record<string, string>> = { ...IMAGE_TOOLS, ...DISK_TOOLS };
