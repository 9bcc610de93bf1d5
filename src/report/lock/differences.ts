import type { Difference } from '../../lock-file/difference.js';
import type { LockedError, LockFileError, NotLockableError } from '../../lock-file/errors.js';
import { quoted, quotedList } from '../printable.js';
import { reasonOf } from '../reason.js';

const FIELDS = {
  id: 'ID',
  versionId: 'VERSION_ID',
  level: 'its level',
  architecture: 'the architecture',
} as const;

/** In what a machine differs from a lock file; without a full stop. @param done what an extension is that is there */
export function describeDifference(difference: Difference, done: 'installed' | 'merged'): string {
  switch (difference.kind) {
    case 'host':
      return `the host is another one: ${FIELDS[difference.field]} is ${orNone(difference.found)}, and was ${orNone(difference.wanted)}`;
    case 'mutable':
      return `the mutable mode is ${difference.found}, and was ${difference.wanted}`;
    case 'hierarchies':
      return `other hierarchies are merged: ${listOrNone(difference.found)}, and not ${listOrNone(difference.wanted)}`;
    case 'missing': {
      const where = difference.path === '' ? '' : ` (it was at ${quoted(difference.path)})`;
      return `${quoted(difference.name)} is not ${done}${where}`;
    }
    case 'surplus':
      return `${quoted(difference.name)} is ${done}, and is not in the lock file`;
    case 'unfit':
      return `${quoted(difference.name)} does not fit this system`;
    case 'version':
      return `${quoted(difference.name)} has another version: ${orNone(difference.found)}, and not ${orNone(difference.wanted)}`;
    case 'content':
      return `${quoted(difference.name)} (${quoted(difference.path)}) has other content: ${difference.found}, and not ${difference.wanted}`;
    case 'protection':
      return `${quoted(difference.name)} is protected in another way: ${difference.found ?? 'a directory'}, and not ${difference.wanted ?? 'a directory'}`;
    case 'order':
      return `the layers lie in another order: ${quotedList(difference.found)}, and not ${quotedList(difference.wanted)}`;
  }
}

const orNone = (text: string | null): string => (text === null ? 'none' : quoted(text));
const listOrNone = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : quotedList(texts));

/** A line each; the last one says that nothing has happened. */
export function describeLockedError({ path, differences }: LockedError): string[] {
  return [
    ...differences.map((one) => `Not as ${quoted(path)} has it: ${describeDifference(one, 'installed')}.`),
    'Nothing was changed.',
  ];
}

export function describeLockFileError({ path, problem, cause }: LockFileError): string {
  const file = quoted(path);
  switch (problem.kind) {
    case 'unreadable':
      return `Failed to read the lock file ${file}: ${reasonOf(cause)}.`;
    case 'unwritable':
      return `Failed to write the lock file ${file}: ${reasonOf(cause)}.`;
    case 'no-json':
      return `${file} is no lock file: it is not JSON; write one with the command 'lock'.`;
    case 'other-schema':
      return `${file} is no lock file that is known here: its schema is ${quoted(problem.found)}, and not 'lock-1'.`;
    case 'malformed':
      return `The lock file ${file} is damaged, at ${quoted(problem.what)}; write it anew with the command 'lock'.`;
    case 'other-class':
      return `The lock file ${file} is one of ${problem.found}: use --class=${problem.found}, or another file.`;
  }
}

type Untold = NotLockableError['reasons'][number];

/** Why nobody knows what is merged; without a full stop. */
export function describeUntold(reason: Untold): string {
  switch (reason.kind) {
    case 'nothing-merged':
      return 'nothing is merged';
    case 'foreign-record':
      return 'what is merged has no record of its content, as after a merge by systemd-sysext; refresh first';
    case 'changed':
      return `${quoted(reason.path)}, from which ${quoted(reason.name)} was merged, was changed since; refresh first`;
    case 'gone':
      return `${quoted(reason.path)}, from which ${quoted(reason.name)} was merged, is gone`;
    case 'permission':
      return `${quoted(reason.path)}, from which ${quoted(reason.name)} was merged, cannot be read; run this as root`;
  }
}

export function describeNotLockable({ reasons }: NotLockableError): string[] {
  return reasons.map((reason) =>
    reason.kind === 'nothing-merged'
      ? `There is nothing to lock: ${describeUntold(reason)}.`
      : `What is merged cannot be locked: ${describeUntold(reason)}.`,
  );
}
