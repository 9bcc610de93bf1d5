import { isPlainPath } from './pattern.js';

/** A file that a server has, as its manifest says. */
export interface Listed {
  /** Relative to the manifest. */
  readonly path: string;
  /** Of the file as it is on the server; hexadecimal, in small letters. */
  readonly sha256: string;
}

export type ManifestProblem =
  | { readonly kind: 'line'; readonly line: number; readonly text: string }
  /** It must not be used any more. */
  | { readonly kind: 'too-old'; readonly day: string };

const BEST_BEFORE = /^BEST-BEFORE-(\d{4}-\d{2}-\d{2})$/;

/**
 * Reads a SHA256SUMS manifest, as sha256sum(1) writes it: `HASH  PATH` or `HASH *PATH` in each line.
 *
 * @param today as `YYYY-MM-DD`, in UTC
 * @returns all of it or, since a manifest that is damaged says nothing for sure, the first thing that is wrong
 */
export function parseManifest(text: string, today: string): readonly Listed[] | ManifestProblem {
  const listed: Listed[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const [, sha256, path] = /^([0-9a-f]{64}) [ *](.+)$/i.exec(line) ?? [];
    // sysupdate.d(5): no absolute paths, no `./`, `../`, `//`, no percent sign; nor what a terminal could obey.
    if (
      sha256 === undefined ||
      path === undefined ||
      !isPlainPath(path) ||
      !/^[\x20-\x24\x26-\x7e]+$/.test(path)
    )
      return { kind: 'line', line: index + 1, text: line };
    const day = BEST_BEFORE.exec(path)?.[1];
    if (day === undefined) listed.push({ path, sha256: sha256.toLowerCase() });
    else if (day < today) return { kind: 'too-old', day };
  }
  return listed;
}
