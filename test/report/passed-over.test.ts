import type { PassedOver } from '../../src/images/image.js';
import type { NameProblem } from '../../src/images/image-name.js';
import type { EntryRejection, Pick } from '../../src/images/versioned-directory.js';
import { describePassedOver } from '../../src/report/passed-over.js';
import { DANGEROUS, makeHostile } from './hostile.js';

const ENTRY = '/etc/extensions/foo';
const NO_VERSION: Pick = { winner: null, losers: [], rejected: [] };

const CASES = {
  hidden: [
    { kind: 'hidden', entry: ENTRY, name: 'foo', by: '/run/extensions/foo' },
    'debug',
    "'/run/extensions/foo'",
  ],
  masked: [{ kind: 'masked', entry: ENTRY, name: 'foo' }, 'debug', "Extension 'foo' is masked", '/dev/null'],
  'bad-name': [
    { kind: 'bad-name', entry: ENTRY, problem: { kind: 'not-utf8' } },
    'warning',
    'UTF-8',
    'rename it',
  ],
  dangling: [{ kind: 'dangling', entry: ENTRY }, 'warning', 'symlink to nothing', 'remove it'],
  unreachable: [{ kind: 'unreachable', entry: ENTRY, code: 'ELOOP' }, 'warning', 'circles'],
  'no-image': [{ kind: 'no-image', entry: ENTRY }, 'debug', '*.raw'],
  'no-version': [
    { kind: 'no-version', entry: ENTRY, versions: NO_VERSION },
    'warning',
    'no usable version in it.',
  ],
} as const satisfies {
  readonly [Kind in PassedOver['kind']]: readonly [Extract<PassedOver, { kind: Kind }>, string, ...string[]];
};

test.each(Object.entries(CASES))('%s', (_, [found, level, ...says]) => {
  const described = describePassedOver(found);
  expect(described.level).toBe(level);
  for (const words of [`'${ENTRY}'`, ...says]) expect(described.message).toContain(words);
  expect(described.message).toMatch(/\.$/);
});

test.each(Object.entries(CASES))('%s is one line, whatever the names are', (_, [found]) => {
  const hostile = makeHostile<PassedOver>(found, ['kind', 'code']);
  expect(describePassedOver(hostile).message).not.toMatch(DANGEROUS);
});

const NAMES = {
  empty: 'is empty',
  dot: 'directory itself',
  slash: 'slash',
  'control-character': 'control character',
  'not-utf8': 'not valid UTF-8',
  temporary: 'temporary file',
  'too-long': '255 bytes',
} as const satisfies Record<NameProblem['kind'], string>;

test.each(Object.entries(NAMES) as [NameProblem['kind'], string][])('a bad name: %s', (kind, words) => {
  const { level, message } = describePassedOver({ kind: 'bad-name', entry: ENTRY, problem: { kind } });
  expect(message).toContain(words);
  // Somebody is just copying it there.
  expect(level).toBe(kind === 'temporary' ? 'debug' : 'warning');
});

test('permission denied', () => {
  const { message } = describePassedOver({ kind: 'unreachable', entry: ENTRY, code: 'EACCES' });
  expect(message).toBe(`Ignoring '${ENTRY}': permission denied.`);
});

const REJECTED = {
  name: [{ kind: 'rejected', file: 'bar_1.raw', reason: 'name', wanted: 'foo_' }, "begin with 'foo_'"],
  suffix: [{ kind: 'rejected', file: 'foo_1', reason: 'suffix', wanted: '.raw' }, "end in '.raw'"],
  architecture: [
    {
      kind: 'rejected',
      file: 'foo_1_arm64.raw',
      reason: 'architecture',
      wanted: ['x86-64', 'x86'],
      found: 'arm64',
    },
    "is for 'arm64', not for 'x86-64' or 'x86'",
  ],
  version: [{ kind: 'rejected', file: 'foo_ü.raw', reason: 'version', found: 'ü' }, "has 'ü' for a version"],
  type: [
    { kind: 'rejected', file: 'foo_1.raw', reason: 'type', wanted: 'file', found: 'other' },
    'is not a file',
  ],
} as const satisfies {
  readonly [Reason in EntryRejection['reason']]: readonly [
    Extract<EntryRejection, { reason: Reason }>,
    string,
  ];
};

test('why each file of a versioned directory cannot be used', () => {
  const rejected = Object.values(REJECTED).map(([entry]) => entry);
  const found: PassedOver = { kind: 'no-version', entry: ENTRY, versions: { ...NO_VERSION, rejected } };
  const { message } = describePassedOver(found);
  for (const [{ file }, words] of Object.values(REJECTED)) {
    expect(message).toContain(`; '${file}' `);
    expect(message).toContain(words);
  }
  const hostile = rejected.map((entry) =>
    makeHostile<EntryRejection>(
      entry,
      entry.reason === 'type' ? ['kind', 'reason', 'wanted'] : ['kind', 'reason'],
    ),
  );
  const versions = { ...NO_VERSION, rejected: hostile };
  expect(describePassedOver({ ...found, versions }).message).not.toMatch(DANGEROUS);
});
