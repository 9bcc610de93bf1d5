import { basename, dirname } from 'node:path';
import { readSmallFile } from '../../../host/files.js';
import { findBelow } from '../../../host/root.js';
import type { Finding } from '../../finding.js';
import type { CheckedImage } from '../../image.js';
import type { ElfFile } from '../format/elf-file.js';
import { isAlike } from '../machine.js';
import { openElf } from '../open-elf.js';
import type { ElfOfImage } from '../programs.js';
import type { Searches } from '../search/searches.js';
import { type Case, grouped, list } from './group.js';

/** Parts of the C library, which fit each other to the letter, and the loader. */
const LIBC =
  /^(lib(c|m|pthread|dl|rt|resolv|util|anl|mvec|thread_db|nss_(files|dns|compat|hesiod))\.so\.\d+|libc\.musl-.*|ld-(linux|musl).*\.so\.\d+|ld64\.so\.\d+|ld\.so\.\d+)$/;

/** Versions that are for nobody else: a library names itself first, and its private parts so. */
const OWN = /\.so(\.|$)|private|hidden|internal|local/i;

/** None is larger, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * Libraries of the image that all programs of the host would use in place of their own: the C library, and those with fewer
 * versions of symbols than the host's.
 */
export function checkHidden(
  image: CheckedImage,
  elves: readonly ElfOfImage[],
  searches: Searches,
): Finding[] {
  const libc: Case[] = [];
  const older: Finding[] = [];
  for (const one of elves) {
    if (one.elf.dynamic === null) continue;
    const name = one.elf.dynamic.soname ?? basename(one.place.path);
    const hidden = hiddenBy(image, one, name, searches);
    if (hidden === null) continue;
    if (LIBC.test(name)) {
      if (!isSame(one.place.file, hidden.file))
        libc.push({ path: one.place.path, detail: { directory: dirname(one.place.path) } });
      continue;
    }
    const lost = lostVersions(one.elf, hidden.elf);
    if (lost.length === 0) continue;
    const detail = { library: name, count: String(lost.length), ...list('versions', lost) };
    older.push(...grouped('hides-newer-library', [{ path: one.place.path, detail }]));
  }
  return [...grouped('hides-libc', libc), ...older];
}

interface Hidden {
  readonly file: string;
  readonly elf: ElfFile;
}

/** The library of the host that nobody finds any more: the one at the same path, or the one that was found before. */
function hiddenBy(
  image: CheckedImage,
  { place, elf }: ElfOfImage,
  name: string,
  searches: Searches,
): Hidden | null {
  const same = readHost(image, place.path, elf);
  if (same !== null) return same;
  const search = searches.of(elf);
  const found = search.find(name, { place, elf: { ...elf, dynamic: null }, loader: null });
  if (typeof found === 'string' || found.place.file !== place.file || found.needsCache) return null;
  for (const directory of search.directories) {
    const other = readHost(image, `${directory}/${name}`, elf);
    if (other !== null) return other;
  }
  return null;
}

function readHost({ host }: CheckedImage, path: string, like: ElfFile): Hidden | null {
  if (host === null) return null;
  try {
    const file = findBelow(host.root, path);
    const opened = file === null ? null : openElf(file);
    return file !== null && opened?.kind === 'elf' && isAlike(opened.elf, like)
      ? { file, elf: opened.elf }
      : null;
  } catch {
    return null;
  }
}

function lostVersions(ours: ElfFile, hosts: ElfFile): string[] {
  const have = new Set(ours.dynamic?.versionsDefined);
  return (hosts.dynamic?.versionsDefined ?? []).filter((version) => !have.has(version) && !OWN.test(version));
}

function isSame(one: string, other: string): boolean {
  try {
    return readSmallFile(one, LARGEST).equals(readSmallFile(other, LARGEST));
  } catch {
    return false;
  }
}
