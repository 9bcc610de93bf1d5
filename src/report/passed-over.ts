import type { PassedOver } from '../images/image.js';
import type { NameProblem } from '../images/image-name.js';
import type { EntryRejection } from '../images/versioned-directory.js';
import type { Level } from './log.js';
import { quoted } from './printable.js';

const NAME_PROBLEMS: Readonly<Record<NameProblem['kind'], string>> = {
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
  switch (found.kind) {
    case 'hidden':
      return debug(`Skipping ${entry}: ${quoted(found.by)} has the same name and comes first.`);
    case 'masked':
      return debug(`Extension ${quoted(found.name)} is masked by ${entry}, a symlink to /dev/null.`);
    case 'bad-name': {
      const reason = NAME_PROBLEMS[found.problem.kind];
      return found.problem.kind === 'temporary'
        ? debug(`Skipping ${entry}: ${reason}.`)
        : warning(`Ignoring ${entry}: ${reason}; rename it.`);
    }
    case 'dangling':
      return warning(`Ignoring ${entry}: it is a symlink to nothing; remove it, or make what it points to.`);
    case 'unreachable':
      return warning(
        `Ignoring ${entry}: ${found.code === 'ELOOP' ? 'its symlinks run in circles' : 'permission denied'}.`,
      );
    case 'no-image':
      return debug(`Skipping ${entry}: neither a directory, nor a file named *.raw, nor a block device.`);
    case 'no-version':
      return warning(
        `Ignoring ${entry}: no usable version in it${describeRejected(found.versions.rejected)}.`,
      );
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

function debug(message: string): { level: 'debug'; message: string } {
  return { level: 'debug', message };
}

function warning(message: string): { level: 'warning'; message: string } {
  return { level: 'warning', message };
}
