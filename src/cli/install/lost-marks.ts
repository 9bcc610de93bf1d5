import { bytesOf, textOf } from '../../host/bytes.js';
import { mayMount } from '../../host/privileges.js';
import type { LostMark } from '../../host/whiteouts.js';
import { type MarkSpace, type Marks, readMarks } from '../../layers/marks.js';

/**
 * Marks of overlayfs that are extended attributes, and which a copy does not have: `cp -a` says nothing where a file system does not
 * take them. What they hide would be seen then.
 *
 * @param place the directory that the copy is in
 * @returns the first one; `null` also if they cannot be read
 */
export function findLostAttribute(source: string, copy: string, place: string): LostMark | null {
  const spaces: MarkSpace[] = mayMount() ? ['trusted', 'user'] : ['user'];
  for (const space of spaces) {
    const wanted = filesOf(readMarks(bytesOf(source), space));
    if (wanted.length === 0) continue;
    const found = new Set(filesOf(readMarks(bytesOf(copy), space)).map(keyOf));
    const lost = wanted.find((one) => !found.has(keyOf(one)));
    if (lost !== undefined) return { file: textOf(lost.file) || '.', mark: lost.mark, place };
  }
  return null;
}

interface Marked {
  readonly mark: LostMark['mark'];
  /** In bytes. */
  readonly file: string;
}

const keyOf = ({ mark, file }: Marked) => `${mark} ${file}`;

function filesOf({ opaque, whiteouts, redirects }: Marks): Marked[] {
  return [
    ...[...opaque].map((file) => ({ mark: 'opaque', file }) as const),
    ...[...whiteouts].map((file) => ({ mark: 'whiteout', file }) as const),
    ...[...redirects.keys()].map((file) => ({ mark: 'redirect', file }) as const),
  ];
}
