import type { Difference } from '../../lock-file/difference.js';
import type { UntoldReason } from '../../lock-file/errors.js';
import type { Lock } from '../../lock-file/lock.js';
import { formatJson, type Json, type JsonFormat } from '../json.js';
import { quoted } from '../printable.js';
import { describeDifference, describeUntold } from './differences.js';

/** What came of comparing a machine with a lock file. */
export interface Verification {
  readonly path: string;
  readonly wanted: Lock;
  readonly differences: readonly Difference[];
  readonly untold: readonly UntoldReason[];
}

/** 0: the same; 1: it differs, whatever else there is; 2: that cannot be told. */
export function verificationStatus({ differences, untold }: Verification): 0 | 1 | 2 {
  if (differences.length > 0) return 1;
  return untold.length > 0 ? 2 : 0;
}

const RESULTS = ['same', 'different', 'untold'] as const;

/** In words, or by docs/schema/verify-1.json. */
export function verificationReport(verification: Verification, json: JsonFormat): string {
  if (json !== 'off') return formatJson(verificationJson(verification), json);
  const { path, wanted, differences, untold } = verification;
  const { length } = wanted.extensions;
  const [same, different, unknown] = [
    `What is merged is what ${quoted(path)} says: ${length} ${length === 1 ? 'extension' : 'extensions'}.`,
    `What is merged is not what ${quoted(path)} says:`,
    `Whether what is merged is what ${quoted(path)} says cannot be told:`,
  ];
  return [
    [same, different, unknown][verificationStatus(verification)],
    ...differences.map((one) => `  ${describeDifference(one, 'merged')}.`),
    ...untold.map((reason) => `  ${describeUntold(reason)}.`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function verificationJson(verification: Verification): Json {
  const { path, wanted, differences, untold } = verification;
  return {
    schema: 'verify-1',
    class: wanted.class,
    lock: path,
    result: RESULTS[verificationStatus(verification)],
    extensions: wanted.extensions.map(({ name }) => name),
    differences: differences.map((one) => ({
      kind: one.kind,
      extension: 'name' in one ? one.name : null,
      field: 'field' in one ? one.field : null,
      wanted: 'wanted' in one ? plain(one.wanted) : null,
      found: 'found' in one ? plain(one.found) : null,
      text: describeDifference(one, 'merged'),
    })),
    untold: untold.map((reason) => ({
      kind: reason.kind,
      extension: 'name' in reason ? reason.name : null,
      text: describeUntold(reason),
    })),
  };
}

function plain(value: string | readonly string[] | null): Json {
  return typeof value === 'string' || value === null ? value : [...value];
}
