import { ARCHITECTURES } from '../../host/architecture.js';
import { checkImageName } from '../../images/image-name.js';
import { compareVersions } from '../../images/version-order.js';
import { type Finding, found } from '../finding.js';
import type { CheckedImage } from '../image.js';

/** The name is that of the release file and orders the layers, so it has to be one. */
export function checkName({ name }: CheckedImage): Finding[] {
  const problem = checkImageName(name);
  return problem === null ? [] : [found('bad-image-name', null, { name, problem: problem.kind })];
}

/** What is written before a release of that version is there. */
const PRE_RELEASE = /[-.+]?(?=(?:rc|alpha|beta|pre|preview|dev|snapshot|nightly)(?![A-Za-z]))/i;

/** Whether versions will be sorted as their author means it, by the order that picks the newest (UAPI.10). */
export function checkVersion({ version }: CheckedImage): Finding[] {
  if (version === null) return [];
  const findings: Finding[] = [];
  const digits = /^[vV]\.?(?=\d)/.exec(version)?.[0];
  // Older than whatever begins with a digit, also than 0.
  if (digits !== undefined && compareVersions(version, '0') < 0)
    findings.push(
      found('version-sorts-wrong', null, { kind: 'letter', version, better: version.slice(digits.length) }),
    );
  const at = PRE_RELEASE.exec(version);
  const release = version.slice(0, at?.index ?? 0);
  if (at !== null && release !== '' && compareVersions(version, release) > 0) {
    const better = `${release}~${version.slice(at.index + at[0].length)}`;
    if (compareVersions(better, release) < 0)
      findings.push(found('version-sorts-wrong', null, { kind: 'pre-release', version, release, better }));
  }
  return findings;
}

/**
 * The version in a file name: what follows the first `_`, or else the first `-` before a digit. Architecture and counter are
 * parts of file names that are no version (systemd.v(7)).
 */
export function versionIn(fileName: string): string | null {
  const stem = fileName
    .replace(/\.raw$/, '')
    .replace(/\.(sysext|confext)$/, '')
    .replace(/\+\d+(-\d+)?$/, '');
  const [, before = '', last = ''] = /^(.+)_([^_]+)$/s.exec(stem) ?? [];
  const name = ARCHITECTURES.has(last) ? before : stem;
  return /^[^_]+_(.+)$/s.exec(name)?.[1] ?? /-([vV]?\d.*)$/s.exec(name)?.[1] ?? null;
}
