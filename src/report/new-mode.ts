import type { Writing } from '../overlay/mutable.js';
import { quoted } from './printable.js';

/** A write directory elsewhere that was given the mode of its hierarchy. */
export function describeNewMode(writing: Writing, hierarchy: string): string | null {
  const { otherMode, upper } = writing;
  if (otherMode === undefined || upper === null) return null;
  return `Changed the mode of ${quoted(upper.path)}, the write directory of ${quoted(hierarchy)}, from ${octal(otherMode.found)} to ${octal(otherMode.wanted)}, which is that of the hierarchy.`;
}

/** As chmod(1) has it. */
export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
