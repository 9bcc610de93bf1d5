import { posix } from 'node:path';
import { compareVersions } from '../../../images/version-order.js';
import type { Finding } from '../../finding.js';
import { type CheckedImage, isInHierarchy } from '../../image.js';
import type { Loads } from '../load-all.js';
import { architectureOf } from '../machine.js';
import type { MissingVersion } from '../search/load.js';
import { type Case, grouped, list } from './group.js';

/** Libraries that programs of the image need, and that neither the image nor the host has where they are looked for. */
export function checkLibraries(image: CheckedImage, { needs }: Loads): Finding[] {
  const missing = needs.filter((need) => need.found === 'missing');
  const elsewhere = findElsewhere(image, new Set(missing.map(({ library }) => library)));
  const cases = missing.map(({ library, needer, isForProgram }): Case => {
    const path = elsewhere.get(library);
    const detail = { library, architecture: architectureOf(needer.elf) };
    return {
      path: needer.place.path,
      detail: path === undefined ? detail : { ...detail, elsewhere: path },
      // What loads a library has perhaps loaded before what that one wants.
      severity: isForProgram ? 'error' : path === undefined ? 'warning' : 'note',
    };
  });
  return grouped('missing-library', cases);
}

/** Libraries that are found when ldconfig(8) has been run with the image merged, and not before. */
export function checkCache({ needs }: Loads): Finding[] {
  const cases = needs.flatMap(({ library, needer, found }): Case[] => {
    if (typeof found === 'string' || !found.needsCache) return [];
    const directory = posix.dirname(found.place.seenAt);
    return [{ path: needer.place.path, detail: { library, directory } }];
  });
  return grouped('library-needs-ldconfig', cases);
}

/** Where the image has files with these names. */
function findElsewhere(image: CheckedImage, names: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  if (names.size === 0) return found;
  for (const { path, type } of image.tree.entries) {
    if (type !== 'file' && type !== 'symlink') continue;
    if (!isInHierarchy(image, path)) continue;
    const name = posix.basename(path);
    if (names.has(name) && !found.has(name)) found.set(name, path);
  }
  return found;
}

/** Programs made with a newer version of a library than the one they meet. */
export function checkVersions({ missingVersions }: Loads): Finding[] {
  const byProvider = new Map<string, MissingVersion[]>();
  for (const missing of missingVersions) {
    if (missing.needer.place.from === 'host' && missing.provider.place.from === 'host') continue;
    const key = missing.provider.place.file;
    byProvider.set(key, [...(byProvider.get(key) ?? []), missing]);
  }
  return [...byProvider.values()].flatMap(toFindings);
}

function toFindings(all: readonly MissingVersion[]): Finding[] {
  const { library, provider } = all[0]!;
  const versions = [...new Set(all.map(({ version }) => version))].sort(compareVersions);
  const newest = newestLike(versions.at(-1)!, provider.elf.dynamic?.versionsDefined ?? []);
  const detail = {
    library,
    provider: provider.place.path,
    from: provider.place.from,
    count: String(versions.length),
    ...list('versions', versions.slice(-5)),
    ...(newest === null ? {} : { newest }),
  };
  // A program of the host that the image's library does not suit is told by the library.
  const cases = all.map(({ needer }) => ({
    path: needer.place.from === 'image' ? needer.place.path : provider.place.path,
    detail,
  }));
  return grouped('missing-symbol-version', cases);
}

/** The newest of the same series: `GLIBC_2.36` for `GLIBC_2.38`. */
function newestLike(version: string, defined: readonly string[]): string | null {
  const series = /^.*?(?=\d)/.exec(version)?.[0];
  if (!series) return null;
  const same = defined.filter((name) => name.startsWith(series) && /\d/.test(name.charAt(series.length)));
  return same.sort(compareVersions).at(-1) ?? null;
}
