import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import type { CheckRule } from '../../src/release/check.js';
import type { HostRelease } from '../../src/release/host-release.js';
import { judgeImage, matchRelease, traceRelease } from '../../src/release/matching.js';
import { parseRelease } from '../../src/release/os-release.js';
import { buildTree, symlink, type Tree } from '../support/tree.js';

const DEBIAN = 'ID=debian VERSION_ID=12 SYSEXT_LEVEL=1 ID_LIKE="ubuntu mint"';

function hostOf(fields: string, scope: HostRelease['scope'] = 'system'): HostRelease {
  return { path: '/etc/os-release', ...fieldsOf(fields), architecture: 'x86-64', scope };
}

/** Fields, one after the other on a line. */
function fieldsOf(line: string) {
  return parseRelease(line.replace(/ (?=[A-Z_]+=)/g, '\n'));
}

function match(extension: string, host = hostOf(DEBIAN), extensionClass = SYSEXT) {
  return matchRelease(fieldsOf(extension).fields, host, extensionClass);
}

/** What systemd-sysext 262 does, each row checked. */
test.each([
  ['ID=debian VERSION_ID=12', DEBIAN, 'version'],
  ['ID=debian SYSEXT_LEVEL=1', DEBIAN, 'level'],
  ['ID=debian SYSEXT_LEVEL=1 VERSION_ID=99', DEBIAN, 'level'],
  ['ID=debian SYSEXT_LEVEL=2 VERSION_ID=12', DEBIAN, 'level-mismatch'],
  ['ID=debian SYSEXT_LEVEL= VERSION_ID=12', DEBIAN, 'version'],
  ['ID=debian', DEBIAN, 'version-missing'],
  ['ID=debian VERSION_ID=', DEBIAN, 'version-missing'],
  ['ID=debian VERSION_ID=13', DEBIAN, 'version-mismatch'],
  ['ID=debian SYSEXT_LEVEL=1', 'ID=debian VERSION_ID=12', 'version-missing'],
  ['ID=debian SYSEXT_LEVEL=1 VERSION_ID=12', 'ID=debian VERSION_ID=12', 'version'],
  ['ID=debian VERSION_ID=3', 'ID=debian SYSEXT_LEVEL=1', 'id'],
  ['ID=debian SYSEXT_LEVEL=2', 'ID=debian SYSEXT_LEVEL=1', 'level-mismatch'],
  ['ID=debian VERSION_ID=3', 'ID=debian', 'rolling'],
  ['ID=debian SYSEXT_LEVEL=3', 'ID=debian VERSION_ID= SYSEXT_LEVEL=', 'rolling'],
  ['ID=mint VERSION_ID=12', DEBIAN, 'version'],
  ['ID="ubuntu mint" VERSION_ID=12', DEBIAN, 'id-mismatch'],
  ['ID=arch VERSION_ID=12', DEBIAN, 'id-mismatch'],
  ['ID=ubuntu', 'ID=debian ID_LIKE=', 'id-mismatch'],
  ['ID= VERSION_ID=12', DEBIAN, 'id-missing'],
  ['VERSION_ID=12', DEBIAN, 'id-missing'],
  ['ID=_any', DEBIAN, 'any'],
  ['ID=_any SYSEXT_LEVEL=2 VERSION_ID=99', DEBIAN, 'any'],
  ['ID=_any ARCHITECTURE=x86-64', DEBIAN, 'any'],
  ['ID=_any ARCHITECTURE=', DEBIAN, 'any'],
  ['ID=_any ARCHITECTURE=_any', DEBIAN, 'any'],
  ['ID=_any ARCHITECTURE=any', DEBIAN, 'architecture-mismatch'],
  ['ID=_any ARCHITECTURE=native', DEBIAN, 'architecture-mismatch'],
  ['ID=_any ARCHITECTURE=x86', DEBIAN, 'architecture-mismatch'],
  ['ID=_any SYSEXT_SCOPE=', DEBIAN, 'scope-mismatch'],
  ['ID=_any SYSEXT_SCOPE=portable', DEBIAN, 'scope-mismatch'],
  ['ID=_any SYSEXT_SCOPE="initrd system"', DEBIAN, 'any'],
  ['ID=_any SYSEXT_SCOPE=" \t\nsystem "', DEBIAN, 'any'],
  ['ID=_any SYSEXT_SCOPE="initrd,system"', DEBIAN, 'scope-mismatch'],
  ['ID=_any CONFEXT_SCOPE=initrd', DEBIAN, 'any'],
])('%s on %s: %s', (extension, host, outcome) => {
  const verdict = match(extension, hostOf(host));
  expect(verdict.kind === 'accepted' ? verdict.rule : verdict.kind).toBe(outcome);
});

test('each mismatch names the field, what is wanted and what was found', () => {
  const host = hostOf('ID=debian VERSION_ID=12 ID_LIKE=mint');
  expect(match('SYSEXT_SCOPE="initrd x"', host)).toEqual({
    kind: 'scope-mismatch',
    field: 'SYSEXT_SCOPE',
    wanted: ['initrd', 'x'],
    found: 'system',
  });
  expect(match('ARCHITECTURE=arm64', host)).toEqual({
    kind: 'architecture-mismatch',
    field: 'ARCHITECTURE',
    wanted: 'arm64',
    found: 'x86-64',
  });
  expect(match('NAME=x', host)).toEqual({ kind: 'id-missing', field: 'ID', found: 'debian' });
  expect(match('ID=arch', host)).toEqual({
    kind: 'id-mismatch',
    field: 'ID',
    wanted: 'arch',
    found: 'debian',
    idLike: ['mint'],
  });
  const level = { field: 'SYSEXT_LEVEL', extension: '2', host: null };
  expect(match('ID=mint SYSEXT_LEVEL=2', host)).toEqual({
    kind: 'version-missing',
    field: 'VERSION_ID',
    found: '12',
    level,
  });
  expect(match('ID=mint SYSEXT_LEVEL=2 VERSION_ID=22', host)).toEqual({
    kind: 'version-mismatch',
    field: 'VERSION_ID',
    wanted: '22',
    found: '12',
    level,
  });
  expect(match('ID=debian SYSEXT_LEVEL=2')).toEqual({
    kind: 'level-mismatch',
    field: 'SYSEXT_LEVEL',
    wanted: '2',
    found: '1',
  });
});

test('it tells which field of the host the ID was found in', () => {
  expect(match('ID=mint VERSION_ID=12')).toEqual({ kind: 'accepted', rule: 'version', via: 'ID_LIKE' });
  expect(match('ID=debian VERSION_ID=12')).toEqual({ kind: 'accepted', rule: 'version', via: 'ID' });
  expect(match('ID=_any')).toEqual({ kind: 'accepted', rule: 'any' });
});

test('the first check that fails is told: scope, architecture, ID, level, version', () => {
  const steps = [
    'SYSEXT_SCOPE=system',
    'ARCHITECTURE=x86-64',
    'ID=debian',
    'SYSEXT_LEVEL=1',
    'VERSION_ID=12',
  ];
  const wrong = ['SYSEXT_SCOPE=initrd', 'ARCHITECTURE=arm', 'ID=arch', 'SYSEXT_LEVEL=9', 'VERSION_ID=9'];
  const kinds = steps.map((_, i) => match([...steps.slice(0, i), ...wrong.slice(i)].join(' ')).kind);
  expect(kinds).toEqual([
    'scope-mismatch',
    'architecture-mismatch',
    'id-mismatch',
    'level-mismatch',
    'accepted',
  ]);
});

test('in an initrd', () => {
  const host = hostOf(DEBIAN, 'initrd');
  expect(match('ID=_any', host)).toMatchObject({ kind: 'scope-mismatch', wanted: ['system', 'portable'] });
  expect(match('ID=_any SYSEXT_SCOPE=initrd', host).kind).toBe('accepted');
});

test('configuration extensions have fields of their own', () => {
  const host = hostOf('ID=debian VERSION_ID=12 CONFEXT_LEVEL=1 SYSEXT_LEVEL=5');
  expect(match('ID=debian CONFEXT_LEVEL=1 SYSEXT_LEVEL=2 SYSEXT_SCOPE=initrd', host, CONFEXT)).toEqual({
    kind: 'accepted',
    rule: 'level',
    via: 'ID',
  });
  expect(match('ID=_any CONFEXT_SCOPE=initrd', host, CONFEXT)).toMatchObject({ field: 'CONFEXT_SCOPE' });
});

/** For each rule by which a comparison can come out: an extension, a host, and by which rules it goes on from there. */
const RULES: Readonly<Record<CheckRule, readonly [string, string, readonly CheckRule[]]>> = {
  'not-listed': ['SYSEXT_SCOPE=initrd', DEBIAN, []],
  listed: ['SYSEXT_SCOPE=system ARCHITECTURE=x', DEBIAN, ['other']],
  'default-scope': ['ARCHITECTURE=arm64', DEBIAN, ['other']],
  'not-set': ['NAME=x', DEBIAN, ['missing']],
  any: ['ID=_any', DEBIAN, []],
  missing: ['VERSION_ID=12', DEBIAN, []],
  other: ['ID=arch', DEBIAN, []],
  like: ['ID=mint SYSEXT_LEVEL=1', DEBIAN, ['same']],
  same: ['ID=debian SYSEXT_LEVEL=1', DEBIAN, []],
  'one-sided': ['ID=debian VERSION_ID=12', DEBIAN, ['same']],
  rolling: ['ID=debian', 'ID=debian', []],
  'host-has-none': ['ID=debian', 'ID=debian SYSEXT_LEVEL=1', []],
};

test.each(Object.entries(RULES))(
  'a comparison comes out by the rule %s',
  (rule, [extension, host, after]) => {
    const { checks } = traceRelease(fieldsOf(extension).fields, hostOf(host), SYSEXT);
    const rules: readonly string[] = checks.map((check) => check.rule);
    expect(rules.slice(rules.lastIndexOf(rule))).toEqual([rule, ...after]);
  },
);

test('each comparison tells the field and what both sides say, where they say it', () => {
  const extension = 'SYSEXT_SCOPE="initrd system" ARCHITECTURE= ID=mint SYSEXT_LEVEL= VERSION_ID=13';
  expect(traceRelease(fieldsOf(extension).fields, hostOf(DEBIAN), SYSEXT).checks).toEqual([
    {
      check: 'scope',
      field: 'SYSEXT_SCOPE',
      extension: 'initrd system',
      host: 'system',
      rule: 'listed',
      passed: true,
    },
    {
      check: 'architecture',
      field: 'ARCHITECTURE',
      extension: null,
      host: 'x86-64',
      rule: 'not-set',
      passed: true,
    },
    { check: 'id', field: 'ID', extension: 'mint', host: 'debian', rule: 'like', passed: true },
    { check: 'level', field: 'SYSEXT_LEVEL', extension: null, host: '1', rule: 'one-sided', passed: true },
    { check: 'version', field: 'VERSION_ID', extension: '13', host: '12', rule: 'other', passed: false },
  ]);
  const confext = traceRelease(fieldsOf('ID=_any').fields, hostOf(DEBIAN), CONFEXT);
  expect(confext.checks[0]).toMatchObject({ field: 'CONFEXT_SCOPE' });
});

test('the verdict follows from the comparisons, and is the one without them', () => {
  const word = fc.constantFrom('', 'a', 'b', '_any', 'system', 'initrd', 'x86-64', 'a b');
  const some = (...names: string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, word])), { requiredKeys: [] }).map((record) => {
      return new Map(Object.entries(record as Record<string, string>));
    });
  const common = ['ID', 'VERSION_ID', 'SYSEXT_LEVEL', 'CONFEXT_LEVEL'];
  fc.assert(
    fc.property(
      some(...common, 'ARCHITECTURE', 'SYSEXT_SCOPE', 'CONFEXT_SCOPE'),
      some(...common, 'ID_LIKE'),
      fc.constantFrom('system' as const, 'initrd' as const),
      fc.constantFrom(SYSEXT, CONFEXT),
      (extension, fields, scope, extensionClass) => {
        const host: HostRelease = { ...hostOf(DEBIAN, scope), fields };
        const { verdict, checks } = traceRelease(extension, host, extensionClass);
        expect(verdict).toEqual(matchRelease(extension, host, extensionClass));
        expect(verdict.kind === 'accepted').toBe(checks.every(({ passed }) => passed));
        // The first one that fails is the last one that is made, and what the verdict is about.
        expect(checks.slice(0, -1).every(({ passed }) => passed)).toBe(true);
        if (verdict.kind !== 'accepted' && 'field' in verdict)
          expect(checks.at(-1)).toMatchObject({ field: verdict.field, passed: false });
      },
    ),
    { numRuns: 500 },
  );
});

test('a host that is its own extension is accepted, whatever its fields', () => {
  const value = fc.stringMatching(/^[a-z0-9.]{0,3}$/);
  fc.assert(
    fc.property(value, value, value, (id, version, level) => {
      const fields = `ID=x${id} VERSION_ID=${version} SYSEXT_LEVEL=${level}`;
      expect(match(fields, hostOf(fields)).kind).toBe('accepted');
    }),
  );
});

describe('an image', () => {
  let image: string;
  beforeEach(() => {
    image = realpathSync(mkdtempSync(join(tmpdir(), 'matching-')));
  });
  afterEach(() => rmSync(image, { recursive: true }));

  const RELEASE = 'usr/lib/extension-release.d/extension-release.foo';
  const WRONG = { [RELEASE]: 'ID=arch\n' };

  function judge(tree: Tree, force = false, extensionClass = SYSEXT) {
    buildTree(image, tree);
    return judgeImage(image, 'foo', hostOf(DEBIAN), extensionClass, force).verdict;
  }

  test('that fits', () => {
    buildTree(image, { [RELEASE]: 'ID=_any\nEXTENSION_RELOAD_MANAGER=1\n' });
    const { verdict, release } = judgeImage(image, 'foo', hostOf(DEBIAN), SYSEXT, false);
    expect(verdict).toEqual({ kind: 'accepted', rule: 'any' });
    expect(release).toMatchObject({
      kind: 'found',
      fields: new Map([
        ['ID', '_any'],
        ['EXTENSION_RELOAD_MANAGER', '1'],
      ]),
    });
  });

  test.each([
    ['without a release file', { 'usr/bin/x': '' }, 'no-release-file'],
    ['with an empty one', { [RELEASE]: '' }, 'empty-release-file'],
    [
      'with one that cannot be read',
      { [RELEASE]: symlink('extension-release.foo') },
      'unreadable-release-file',
    ],
    ['for another system', WRONG, 'id-mismatch'],
    ['that is an operating system', { ...WRONG, 'usr/lib/os-release': '' }, 'forbidden-os-release'],
    [
      'with a circle for an os-release',
      { [RELEASE]: 'ID=_any\n', 'usr/lib/os-release': symlink('os-release') },
      'forbidden-os-release',
    ],
  ])('%s', (_, tree: Tree, kind) => {
    expect(judge(tree).kind).toBe(kind);
    expect(judge({}, true)).toMatchObject({ kind: 'accepted', rule: 'forced', overridden: { kind } });
  });

  test('with two release files that could be meant', () => {
    const name = (letter: string) => RELEASE.replace(/foo$/, letter);
    const more = { xattrs: { 'user.extension-release.strict': '0' } };
    const release = { kind: 'file', content: 'ID=_any\n', ...more } as const;
    expect(judge({ [name('a')]: release, [name('b')]: release })).toEqual({
      kind: 'ambiguous-release-file',
      candidates: ['extension-release.a', 'extension-release.b'],
    });
  });

  test('tells its comparisons, also where force overrides them', () => {
    buildTree(image, { [RELEASE]: 'ID=arch\n' });
    const rules = [false, true].map((force) =>
      judgeImage(image, 'foo', hostOf(DEBIAN), SYSEXT, force).checks.map(({ rule }) => rule),
    );
    expect(rules).toEqual([
      ['default-scope', 'not-set', 'other'],
      ['default-scope', 'not-set', 'other'],
    ]);
  });

  test('whose release file does not count is not compared', () => {
    buildTree(image, { [RELEASE]: 'ID=_any\n', 'usr/lib/os-release': '' });
    expect(judgeImage(image, 'foo', hostOf(DEBIAN), SYSEXT, false).checks).toEqual([]);
  });

  test('where force changes nothing', () => {
    expect(judge({ [RELEASE]: 'ID=_any\n' }, true)).toEqual({ kind: 'accepted', rule: 'forced' });
  });

  test('with an os-release where it does no harm', () => {
    expect(judge({ [RELEASE]: 'ID=_any\n', 'etc/os-release': '' }).kind).toBe('accepted');
  });

  test('with an os-release, as a configuration extension', () => {
    const release = 'etc/extension-release.d/extension-release.foo';
    expect(judge({ [release]: 'ID=_any\n', 'usr/lib/os-release': '' }, false, CONFEXT).kind).toBe('accepted');
  });
});
