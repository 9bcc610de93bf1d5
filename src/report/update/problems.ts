import type { TransferError } from '../../update/transfer.js';
import type { SkippedLine } from '../../update/transfer-files.js';
import { CONFIG_FILE_PROBLEMS, describeSkipped } from '../config-problems.js';
import { printable } from '../printable.js';

const PROBLEMS: Readonly<Record<SkippedLine['kind'], string>> = {
  ...CONFIG_FILE_PROBLEMS,
  'unknown-key': 'there is no such setting in this section (see sysupdate.d(5)), skipped',
  'bad-value': 'not a value for this setting (see sysupdate.d(5)), skipped',
  'unknown-specifier': 'there is no such specifier, and a plain % is written %%; skipped',
  'too-few-instances': 'the old and the new version are both needed for a moment, so 2 is taken',
  'pattern-no-version': 'a pattern must have @v in it, for the version; skipped',
  'pattern-bad-path': "a pattern is a relative path without empty parts, '.' and '..'; skipped",
  'pattern-anywhere': "'**/' can only begin a pattern of a source, and no slash may follow; skipped",
  'pattern-unknown-wildcard': 'there is no such wildcard, and a plain @ is written @@; skipped',
  'pattern-wildcard-twice': 'each wildcard may stand in a pattern once; skipped',
  'pattern-wildcards-touch':
    'text must stand between two wildcards, to tell where the first one ends; skipped',
};

/** A line, or file, of the transfer files that was skipped. */
export function describeSkippedLine(problem: SkippedLine): string {
  return describeSkipped(problem, PROBLEMS[problem.kind]);
}

/** Why a transfer cannot be carried out; without a full stop. */
export function describeFailure(failure: TransferError['problem']): string {
  if (failure.kind === 'no-name')
    return `${printable(failure.file)} names new files with ${failure.wildcard}, and neither the name of the source nor a setting says what to put there`;
  if (failure.kind === 'other-type')
    return `${printable(failure.file)} is about ${printable(failure.type)}, which this program does not update; use systemd-sysupdate(8)`;
  return `${printable(failure.file)} has no ${failure.key}= in its section [${failure.section}] that can be used; see sysupdate.d(5)`;
}
