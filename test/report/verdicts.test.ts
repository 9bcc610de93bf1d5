import { SYSEXT } from '../../src/extension-class.js';
import type { Mismatch } from '../../src/release/verdict.js';
import type { Caller } from '../../src/report/explain-hint.js';
import { describeIgnored as ignored, type Subject, subjectOf } from '../../src/report/verdicts.js';
import { DANGEROUS, HOSTILE, makeHostile } from './hostile.js';

const SUBJECT: Subject = {
  name: 'foo',
  path: '/var/lib/extensions/foo.raw',
  releaseDirectory: 'usr/lib/extension-release.d',
};

const CALLER: Caller = { program: 'sysext', extensionClass: SYSEXT, root: '/' };
const describeIgnored = (subject: Subject, mismatch: Mismatch): string => ignored(subject, mismatch, CALLER);

const NO_LEVEL = { field: 'SYSEXT_LEVEL', extension: null, host: null };

interface Case<Kind extends Mismatch['kind']> {
  readonly mismatch: Extract<Mismatch, { kind: Kind }>;
  /** The field, what is wanted, what was found, what to do. */
  readonly says: readonly string[];
  /** What no image has a say in. */
  readonly trusted?: readonly string[];
}

const CASES = {
  'forbidden-os-release': {
    mismatch: { kind: 'forbidden-os-release', path: '/usr/lib/os-release' },
    says: ['contains /usr/lib/os-release', 'remove that file', '--force'],
    trusted: ['path'],
  },
  'no-release-file': {
    mismatch: {
      kind: 'no-release-file',
      wanted: '/usr/lib/extension-release.d/extension-release.foo',
      others: [],
      getfattrMissing: false,
    },
    says: [
      'it has no /usr/lib/extension-release.d/extension-release.foo',
      'create that file',
      'ID=',
      'VERSION_ID=',
    ],
  },
  'ambiguous-release-file': {
    mismatch: { kind: 'ambiguous-release-file', candidates: ['extension-release.a', 'extension-release.b'] },
    says: ["'extension-release.a', 'extension-release.b'", 'name it extension-release.foo'],
  },
  'empty-release-file': {
    mismatch: { kind: 'empty-release-file', path: '/usr/lib/extension-release.d/extension-release.foo' },
    says: ['/usr/lib/extension-release.d/extension-release.foo is empty', 'write at least ID='],
    // Said apart, below.
    trusted: ['path'],
  },
  'unreadable-release-file': {
    mismatch: {
      kind: 'unreadable-release-file',
      path: '/usr/lib/x',
      cause: new Error('is not a regular file'),
    },
    says: ['/usr/lib/x cannot be read', 'is not a regular file', 'make it a small regular text file'],
  },
  'scope-mismatch': {
    mismatch: { kind: 'scope-mismatch', field: 'SYSEXT_SCOPE', wanted: ['initrd', 'x'], found: 'system' },
    says: [
      'SYSEXT_SCOPE=initrd x',
      "scope 'system'",
      "add 'system' to SYSEXT_SCOPE= in its extension-release.foo",
    ],
    trusted: ['found'],
  },
  'architecture-mismatch': {
    mismatch: { kind: 'architecture-mismatch', field: 'ARCHITECTURE', wanted: 'arm64', found: 'x86-64' },
    says: ['ARCHITECTURE=arm64', 'the host runs x86-64', 'install a build for x86-64', 'ARCHITECTURE=_any'],
    trusted: ['found'],
  },
  'id-missing': {
    mismatch: { kind: 'id-missing', field: 'ID', found: 'debian' },
    says: ['its extension-release.foo has no ID=', 'the host has ID=debian', 'add ID=debian', 'ID=_any'],
  },
  'id-mismatch': {
    mismatch: {
      kind: 'id-mismatch',
      field: 'ID',
      wanted: 'arch',
      found: 'debian',
      idLike: ['ubuntu', 'mint'],
    },
    says: [
      'ID=arch',
      'ID=debian',
      'ID_LIKE=ubuntu mint',
      'install a build for debian',
      'extension-release.foo',
    ],
  },
  'level-mismatch': {
    mismatch: { kind: 'level-mismatch', field: 'SYSEXT_LEVEL', wanted: '2', found: '1' },
    says: [
      'SYSEXT_LEVEL=2',
      'the host has SYSEXT_LEVEL=1',
      'set SYSEXT_LEVEL=1 in its extension-release.foo',
    ],
  },
  'version-missing': {
    mismatch: {
      kind: 'version-missing',
      field: 'VERSION_ID',
      found: '12',
      level: { ...NO_LEVEL, host: '7' },
    },
    says: [
      'has no VERSION_ID=',
      'the host has VERSION_ID=12',
      'SYSEXT_LEVEL=7 does not count',
      'add VERSION_ID=12',
    ],
  },
  'version-mismatch': {
    mismatch: {
      kind: 'version-mismatch',
      field: 'VERSION_ID',
      wanted: '13',
      found: '12',
      level: { ...NO_LEVEL, extension: '8' },
    },
    says: [
      'VERSION_ID=13',
      'VERSION_ID=12',
      'its SYSEXT_LEVEL=8 does not count',
      'in its extension-release.foo',
    ],
  },
} as const satisfies { readonly [Kind in Mismatch['kind']]: Case<Kind> };

const cases: [string, Case<Mismatch['kind']>][] = Object.entries(CASES);

test.each(cases)('%s', (_, { mismatch, says }) => {
  const line = describeIgnored(SUBJECT, mismatch as Mismatch);
  expect(line).toMatch(
    /^Ignoring extension 'foo' \(\/var\/lib\/extensions\/foo\.raw\): .+; .+\. See 'sysext explain foo'\.$/,
  );
  for (const words of says) expect(line).toContain(words);
  expect(line).not.toMatch(/undefined|null|\[object|[.;:,] ?[.;:,]/);
});

test.each(cases)('%s is one line, whatever the image says', (_, { mismatch, trusted = [] }) => {
  const subject = makeHostile(SUBJECT, ['releaseDirectory']);
  const line = describeIgnored(subject, makeHostile(mismatch as Mismatch, ['kind', 'field', ...trusted]));
  expect(line).not.toMatch(DANGEROUS);
});

test('an empty release file whose name is hostile', () => {
  const path = `/usr/lib/extension-release.d/extension-release.foo${HOSTILE}`;
  expect(describeIgnored(SUBJECT, { kind: 'empty-release-file', path })).not.toMatch(DANGEROUS);
});

test('a release file for another name: which, and the two ways out', () => {
  const mismatch = {
    ...CASES['no-release-file'].mismatch,
    others: ['bar', 'baz'],
    getfattrMissing: true,
  };
  const line = describeIgnored(SUBJECT, mismatch);
  expect(line).toContain("its image name is 'foo'");
  expect(line).toContain("'extension-release.bar', 'extension-release.baz'");
  expect(line).toContain('getfattr is not installed');
  expect(line).toContain("rename the image to 'bar', or that file to 'extension-release.foo'");
  expect(
    describeIgnored(makeHostile(SUBJECT, ['releaseDirectory']), makeHostile(mismatch, ['kind'])),
  ).not.toMatch(DANGEROUS);
});

test('versions are compared without a word about levels if neither side has one', () => {
  const line = describeIgnored(SUBJECT, { ...CASES['version-mismatch'].mismatch, level: NO_LEVEL });
  expect(line).not.toContain('SYSEXT_LEVEL');
});

test('the release file to change is the one that counts, which may be called otherwise than the image', () => {
  const path = '/usr/lib/extension-release.d/extension-release.foo';
  const found = { kind: 'found', path, fileName: 'extension-release.foo', via: 'version-cut' } as const;
  const subject = subjectOf(
    { ...SUBJECT, name: 'foo_1.0' },
    {
      ...found,
      fields: new Map(),
      problems: [],
    },
  );
  expect(describeIgnored(subject, CASES['version-mismatch'].mismatch)).toContain(
    'in its extension-release.foo if',
  );
});

test('an ID without ID_LIKE', () => {
  const line = describeIgnored(SUBJECT, { ...CASES['id-mismatch'].mismatch, idLike: [] });
  expect(line).not.toContain('ID_LIKE');
});

test('an error of a file function is told by its code', () => {
  const cause = Object.assign(new Error('EACCES: permission denied, open'), { code: 'EACCES' });
  const line = describeIgnored(SUBJECT, { kind: 'unreadable-release-file', path: '/x', cause });
  expect(line).toContain('its /x cannot be read (EACCES)');
});
