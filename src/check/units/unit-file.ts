import { logicalLines, trimBlanks } from '../../config/logical-lines.js';
import { readTextFile } from '../../host/files.js';
import { resolveBelow } from '../../host/root.js';

/** The assignments of a unit file in order: `Unit.Wants`, and what stands behind the `=`. */
export type Assignments = readonly (readonly [key: string, value: string])[];

/** Far larger than any unit, in bytes. */
export const LIMIT = 256 * 1024;

/**
 * Reads a unit, a drop-in, or another file of that syntax (systemd.syntax(7)), which may be hostile.
 *
 * @param root of the image
 * @returns `null` for what is not a small regular text file
 */
export function readUnitFile(root: string, path: string): Assignments | null {
  const text = readSmallText(root, path);
  return text === null ? null : parseUnit(text);
}

/** @returns `null` for what cannot be read, or is larger than such files are */
export function readSmallText(root: string, path: string): string | null {
  try {
    return readTextFile(resolveBelow(root, path), LIMIT);
  } catch {
    return null;
  }
}

export function parseUnit(text: string): Assignments {
  const found: (readonly [string, string])[] = [];
  let section = '';
  for (const { text: line } of logicalLines(text)) {
    const header = /^\[([^\]]+)\]$/.exec(line);
    const at = line.indexOf('=');
    if (header !== null) section = header[1]!;
    else if (at > 0)
      found.push([`${section}.${trimBlanks(line.slice(0, at))}`, trimBlanks(line.slice(at + 1))]);
  }
  return found;
}

/** What a setting says at last; `null` if it is not there. */
export function lastOf(unit: Assignments, key: string): string | null {
  return unit.findLast(([name]) => name === key)?.[1] ?? null;
}

/** The words of a setting that is a list: an empty value begins it anew. */
export function wordsOf(unit: Assignments, key: string): string[] {
  let words: string[] = [];
  for (const [name, value] of unit) {
    if (name !== key) continue;
    if (value === '') words = [];
    else words.push(...value.split(/[ \t]+/));
  }
  return words;
}
