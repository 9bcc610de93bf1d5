import { type Finding, found } from '../finding.js';
import type { CheckedImage } from '../image.js';
import { checkAnywhere } from './findings/anywhere.js';
import { checkArchitecture, fits, wantedArchitecture } from './findings/architecture.js';
import { grouped } from './findings/group.js';
import { checkHidden } from './findings/hidden.js';
import { checkCache, checkLibraries, checkVersions } from './findings/libraries.js';
import { checkLibraryPaths } from './findings/library-paths.js';
import { checkLoaders } from './findings/loaders.js';
import { checkScripts } from './findings/scripts.js';
import { loadAll } from './load-all.js';
import { findPrograms, type Programs } from './programs.js';
import { Searches } from './search/searches.js';
import { Surroundings } from './surroundings.js';

/** Whether the programs, libraries and scripts of an image start where it is merged. Reads them; runs nothing. */
export function checkElf(image: CheckedImage, work?: number): Finding[] {
  // From a place that is mounted so, nothing is started.
  if (image.extensionClass.mountFlags.includes('noexec')) return [];
  const surroundings = new Surroundings(image, work);
  const programs = findPrograms(image, surroundings);
  FORBIDDEN.set(
    image,
    programs.unreadable.filter(({ code }) => needsRights(code)).map(({ place }) => place.path),
  );
  const wanted = wantedArchitecture(image);
  const elves = programs.elves.filter((one) => fits(one, wanted));
  const searches = new Searches(surroundings);
  const loads = loadAll(elves, searches, surroundings);
  const findings = [
    ...checkFiles(programs),
    ...checkArchitecture(programs.elves, wanted),
    ...checkLoaders(elves, searches),
    ...checkLibraries(image, loads),
    ...checkVersions(loads),
    ...checkCache(loads),
    ...checkHidden(image, elves, searches),
    ...checkLibraryPaths(elves, ({ elf }) => searches.of(elf), surroundings),
    ...checkScripts(programs.scripts, surroundings),
    ...checkAnywhere(image, elves, loads, surroundings),
  ];
  return surroundings.isExhausted ? [...findings, found('programs-not-checked', null)] : findings;
}

const FORBIDDEN = new WeakMap<CheckedImage, readonly string[]>();

/** Files of an image that was checked, and that this user may not read: that is no flaw of the image. */
export function forbiddenPrograms(image: CheckedImage): readonly string[] {
  return FORBIDDEN.get(image) ?? [];
}

const needsRights = (code: string): boolean => code === 'EACCES' || code === 'EPERM';

function checkFiles({ damaged, unreadable }: Programs): Finding[] {
  return [
    ...grouped(
      'damaged-program',
      damaged.map(({ place: { path }, what: { part, problem } }) => ({ path, detail: { part, problem } })),
    ),
    ...grouped(
      'unreadable-program',
      unreadable
        .filter(({ code }) => !needsRights(code))
        .map(({ place: { path }, code }) => ({ path, detail: { code } })),
    ),
  ];
}

/** For the list of all checkers. */
export const elfCheckers = [(image: CheckedImage): Finding[] => checkElf(image)] as const;
