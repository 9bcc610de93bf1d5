import type { Difference } from '../../../src/lock-file/difference.js';
import {
  LockedError,
  LockFileError,
  NotLockableError,
  type UntoldReason,
} from '../../../src/lock-file/errors.js';
import type { Lock } from '../../../src/lock-file/lock.js';
import { describeError } from '../../../src/report/errors.js';
import { describeDifference } from '../../../src/report/lock/differences.js';
import { verificationReport, verificationStatus } from '../../../src/report/lock/verification.js';
import { readVerified } from '../../support/lock-schemas.js';
import { DANGEROUS, makeHostile } from '../hostile.js';

const LOCK: Lock = {
  class: 'sysext',
  host: { id: 'debian', versionId: '13', level: null, architecture: 'x86-64' },
  mutable: 'no',
  hierarchies: ['/usr'],
  extensions: [{ name: 'foo', version: null, path: '/v/foo', digest: 'verity:00', protection: 'verity' }],
};

const DIFFERENCES: readonly (readonly [Difference, string])[] = [
  [
    { kind: 'host', field: 'versionId', wanted: '13', found: null },
    "the host is another one: VERSION_ID is none, and was '13'",
  ],
  [{ kind: 'mutable', wanted: 'no', found: 'auto' }, 'the mutable mode is auto, and was no'],
  [
    { kind: 'hierarchies', wanted: ['/opt', '/usr'], found: [] },
    "other hierarchies are merged: none, and not '/opt', '/usr'",
  ],
  [{ kind: 'missing', name: 'foo', path: '/v/foo' }, "'foo' is not merged (it was at '/v/foo')"],
  [{ kind: 'surplus', name: 'foo' }, "'foo' is merged, and is not in the lock file"],
  [
    { kind: 'version', name: 'foo', wanted: null, found: '2' },
    "'foo' has another version: '2', and not none",
  ],
  [
    { kind: 'content', name: 'foo', path: '/v/foo', wanted: 'verity:00', found: 'sha256:11' },
    "'foo' ('/v/foo') has other content: sha256:11, and not verity:00",
  ],
  [
    { kind: 'protection', name: 'foo', wanted: null, found: 'signed' },
    "'foo' is protected in another way: signed, and not a directory",
  ],
  [
    { kind: 'order', wanted: ['a', 'b'], found: ['b', 'a'] },
    "the layers lie in another order: 'b', 'a', and not 'a', 'b'",
  ],
];

test.each(DIFFERENCES)('%j', (difference, sentence) => {
  expect(describeDifference(difference, 'merged')).toBe(sentence);
  // These are words of ours and digits, or the lock file would not have been read.
  const isChecked = ['mutable', 'content', 'protection'].includes(difference.kind);
  const trusted = ['kind', 'field', ...(isChecked ? ['wanted', 'found'] : [])];
  expect(describeDifference(makeHostile(difference, trusted), 'merged')).not.toMatch(DANGEROUS);
});

test('what keeps a set from being merged', () => {
  expect(
    describeError(
      new LockedError('x.lock', [
        { kind: 'missing', name: 'foo', path: '' },
        { kind: 'unfit', name: 'bar' },
      ]),
    ),
  ).toEqual([
    "Not as 'x.lock' has it: 'foo' is not installed.",
    "Not as 'x.lock' has it: 'bar' does not fit this system.",
    'Nothing was changed.',
  ]);
});

const REASONS: readonly (readonly [UntoldReason, string])[] = [
  [
    { kind: 'foreign-record' },
    'what is merged has no record of its content, as after a merge by systemd-sysext; refresh first',
  ],
  [
    { kind: 'changed', name: 'foo', path: '/v/foo' },
    "'/v/foo', from which 'foo' was merged, was changed since; refresh first",
  ],
  [{ kind: 'gone', name: 'foo', path: '/v/foo' }, "'/v/foo', from which 'foo' was merged, is gone"],
  [
    { kind: 'permission', name: 'foo', path: '/v/foo' },
    "'/v/foo', from which 'foo' was merged, cannot be read; run this as root",
  ],
];

test('what cannot be locked', () => {
  const reasons = REASONS.map(([reason]) => reason);
  expect(describeError(new NotLockableError(reasons))).toEqual(
    REASONS.map(([, sentence]) => `What is merged cannot be locked: ${sentence}.`),
  );
  expect(describeError(new NotLockableError([{ kind: 'nothing-merged' }]))).toEqual([
    'There is nothing to lock: nothing is merged.',
  ]);
});

test('what came of a comparison, in words and by the schema', () => {
  const same = { path: 'x.lock', wanted: LOCK, differences: [], untold: [] };
  const all = {
    ...same,
    differences: DIFFERENCES.map(([difference]) => difference),
    untold: REASONS.map(([reason]) => reason),
  };
  const unknown = { ...same, untold: all.untold };
  expect([same, all, unknown].map(verificationStatus)).toEqual([0, 1, 2]);
  expect(verificationReport(same, 'off')).toBe("What is merged is what 'x.lock' says: 1 extension.\n");
  expect(verificationReport(all, 'off')).toBe(
    [
      "What is merged is not what 'x.lock' says:",
      ...[...DIFFERENCES, ...REASONS].map(([, sentence]) => `  ${sentence}.`),
      '',
    ].join('\n'),
  );
  expect(verificationReport(unknown, 'off')).toMatch(
    /^Whether what is merged is what 'x\.lock' says cannot be told:\n/,
  );
  const results = [same, all, unknown].map((one) => readVerified(verificationReport(one, 'short')));
  expect(results.map(({ result }) => result)).toEqual(['same', 'different', 'untold']);
  expect(results[1]?.differences.map(({ kind }) => kind)).toEqual(DIFFERENCES.map(([{ kind }]) => kind));
  expect(results[2]?.untold.map(({ kind }) => kind)).toEqual(REASONS.map(([{ kind }]) => kind));
});

test.each<[LockFileError['problem'], string]>([
  [{ kind: 'unreadable' }, "Failed to read the lock file 'x.lock': no such file or directory."],
  [{ kind: 'unwritable' }, "Failed to write the lock file 'x.lock': no such file or directory."],
  [{ kind: 'no-json' }, "'x.lock' is no lock file: it is not JSON; write one with the command 'lock'."],
  [
    { kind: 'other-schema', found: 'lock-2' },
    "'x.lock' is no lock file that is known here: its schema is 'lock-2', and not 'lock-1'.",
  ],
  [
    { kind: 'malformed', what: 'host.id' },
    "The lock file 'x.lock' is damaged, at 'host.id'; write it anew with the command 'lock'.",
  ],
  [
    { kind: 'other-class', found: 'confext' },
    "The lock file 'x.lock' is one of confext: use --class=confext, or another file.",
  ],
])('%j', (problem, sentence) => {
  const cause = Object.assign(new Error('ENOENT: no such file or directory, open'), {
    code: 'ENOENT',
    syscall: 'open',
  });
  expect(describeError(new LockFileError('x.lock', problem, { cause }))).toEqual([sentence]);
});
