import type { PassedOver } from '../images/image.js';
import type { NameProblem } from '../images/image-name.js';
import type { EntryRejection } from '../images/versioned-directory.js';
import type { Level } from './log.js';
import { quoted } from './printable.js';

/** What is wrong with a name, as the rest of a sentence about its owner. */
export const NAME_PROBLEMS: Readonly<Record<NameProblem['kind'], string>> = {
  empty: 'its name is empty',
  dot: 'its name is that of a directory itself',
  slash: 'its name has a slash',
  'control-character': 'its name has a control character',
  'not-utf8': 'its name is not valid UTF-8',
  temporary: 'it is a temporary file',
  'too-long': 'its name is longer than 255 bytes',
};

/**
 * An entry of a search directory that gives no image. A warning if somebody probably wanted it to be one.
 */
export function describePassedOver(found: PassedOver): {
  level: Level & ('warning' | 'debug');
  message: string;
} {
  const entry = quoted(found.entry);
  if (found.kind === 'masked')
    return {
      level: 'debug',
      message: `Extension ${quoted(found.name)} is masked by ${entry}, a symlink to /dev/null.`,
    };
  const { problem, remedy } = explainPassedOver(found);
  const isMeant =
    found.kind === 'bad-name'
      ? found.problem.kind !== 'temporary'
      : found.kind !== 'hidden' && found.kind !== 'no-image';
  const more = remedy === null ? '' : `; ${remedy}`;
  return isMeant
    ? { level: 'warning', message: `Ignoring ${entry}: ${problem}${more}.` }
    : { level: 'debug', message: `Skipping ${entry}: ${problem}${more}.` };
}

/** Why such an entry gives no image, and what to do if it should; both without a full stop. */
export function explainPassedOver(found: PassedOver): { problem: string; remedy: string | null } {
  switch (found.kind) {
    case 'hidden':
      return { problem: `${quoted(found.by)} has the same name and comes first`, remedy: null };
    case 'masked':
      return { problem: `${quoted(found.entry)} is a symlink to /dev/null`, remedy: null };
    case 'bad-name': {
      const { kind } = found.problem;
      return { problem: NAME_PROBLEMS[kind], remedy: kind === 'temporary' ? null : 'rename it' };
    }
    case 'dangling':
      return { problem: 'it is a symlink to nothing', remedy: 'remove it, or make what it points to' };
    case 'unreachable':
      return {
        problem: found.code === 'ELOOP' ? 'its symlinks run in circles' : 'permission denied',
        remedy: null,
      };
    case 'no-image':
      return { problem: 'neither a directory, nor a file named *.raw, nor a block device', remedy: null };
    case 'no-version':
      return {
        problem: `no usable version in it${describeRejected(found.versions.rejected)}`,
        remedy: null,
      };
  }
}

function describeRejected(rejected: readonly EntryRejection[]): string {
  return rejected.map((entry) => `; ${quoted(entry.file)} ${describeRejection(entry)}`).join('');
}

/** What is wrong with an entry of a versioned directory, as the rest of a sentence about it. */
export function describeRejection(entry: EntryRejection): string {
  switch (entry.reason) {
    case 'name':
      return `does not begin with ${quoted(entry.wanted)}`;
    case 'suffix':
      return `does not end in ${quoted(entry.wanted)}`;
    case 'architecture':
      return `is for ${quoted(entry.found)}, not for ${entry.wanted.map(quoted).join(' or ')}`;
    case 'version':
      return `has ${quoted(entry.found)} for a version, which may only have letters, digits and . ~ ^ -`;
    case 'type':
      return `is not a ${entry.wanted}`;
  }
}
