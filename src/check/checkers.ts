import { elfCheckers } from './elf/check-elf.js';
import { checkCompleteness, checkHierarchies, checkOutside } from './files/hierarchies.js';
import { checkLinks } from './files/links.js';
import { checkModes } from './files/modes.js';
import { checkOwners } from './files/owners.js';
import { checkSharedIndexes } from './files/shared-index.js';
import { checkSpecial } from './files/special.js';
import { checkTypes } from './files/types.js';
import type { Finding, FindingCode, Severity } from './finding.js';
import type { CheckedImage } from './image.js';
import { checkFit, checkOsRelease } from './release/host.js';
import { checkReleaseFile } from './release/release-file.js';
import { checkName, checkVersion } from './release/version.js';
import { checkUnits } from './units/check-units.js';

/** Looks at an image from one side. Never throws: what is wrong with an image is a finding. */
export type Checker = (image: CheckedImage) => Finding[];

/** All of them, in the order in which an author will want to mend things. */
export const CHECKERS: readonly Checker[] = [
  checkCompleteness,
  checkName,
  checkReleaseFile,
  checkFit,
  checkOsRelease,
  checkVersion,
  checkHierarchies,
  checkOutside,
  checkOwners,
  checkModes,
  checkSpecial,
  checkTypes,
  checkSharedIndexes,
  checkLinks,
  checkUnits,
  ...elfCheckers,
];

/** What came of all checkers. */
export interface Findings {
  readonly findings: readonly Finding[];
  /** How many more there are of a kind than are listed. */
  readonly more: readonly Omitted[];
}

export interface Omitted {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly count: number;
}

/** Findings of one code and severity that are listed. */
export const MOST_FINDINGS = 1000;

/** Everything that any checker has to say; of one kind only the first, if there are very many. */
export function checkImage(image: CheckedImage, most: number = MOST_FINDINGS): Findings {
  const counts = new Map<string, Omitted>();
  const findings = CHECKERS.flatMap((check) => check(image)).filter(({ code, severity }) => {
    const key = `${code} ${severity}`;
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { code, severity, count });
    return count <= most;
  });
  const more = [...counts.values()]
    .filter(({ count }) => count > most)
    .map((kind) => ({ ...kind, count: kind.count - most }));
  return { findings, more };
}
