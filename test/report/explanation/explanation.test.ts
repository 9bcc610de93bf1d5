import { CLASSES } from '../../../src/extension-class.js';
import type { PassedOver } from '../../../src/images/image.js';
import type { Pick } from '../../../src/images/versioned-directory.js';
import type { Check } from '../../../src/release/check.js';
import {
  type Candidate,
  type Explanation,
  explanationStatus,
  type Fate,
  fateOf,
} from '../../../src/report/explanation/candidate.js';
import { explanationReport } from '../../../src/report/explanation/report.js';
import { describeCheckRule, sourceOfRule } from '../../../src/report/explanation/rules.js';
import { readExplained } from '../../support/explain-schema.js';
import { DANGEROUS, makeHostile } from '../hostile.js';
import {
  ALL_RULES,
  BROKEN,
  candidate,
  explanation,
  extension,
  HOST,
  host,
  judgement,
  MASK,
  passedOver,
} from './samples.js';

const text = (what: Explanation) => explanationReport(what, CLASSES.sysext, 'off');
const json = async (what: Explanation) =>
  readExplained(await explanationReport(what, CLASSES.sysext, 'short'));

const GOOD = extension('good', 'ID=debian VERSION_ID=13');
const OLD = extension('old', 'ID=debian VERSION_ID=12');
const HIDDEN = passedOver({ kind: 'hidden', entry: '/v/foo', name: 'foo', by: '/e/foo' });
const UNTOLD = candidate('secret', { kind: 'untold', reason: 'permission' });
const VERSIONS: Pick = {
  winner: {
    kind: 'entry',
    file: 'foo_2',
    version: '2',
    architecture: null,
    triesLeft: null,
    triesDone: null,
  },
  losers: [
    {
      entry: {
        kind: 'entry',
        file: 'foo_1',
        version: '1',
        architecture: null,
        triesLeft: null,
        triesDone: null,
      },
      rule: 'version',
    },
  ],
  rejected: [{ kind: 'rejected', file: 'readme', reason: 'name', wanted: 'foo_' }],
};
const NO_VERSION: PassedOver = {
  kind: 'no-version',
  entry: '/v/foo.v',
  versions: { ...VERSIONS, winner: null, losers: [] },
};

test('one that does not fit: where it is, each comparison, what to do', async () => {
  expect(await text(explanation([OLD]))).toBe(
    [
      'For /etc/os-release (ID=debian VERSION_ID=13; x86-64, system).',
      '',
      'old would be ignored, because it does not fit.',
      "  It is the directory '/var/lib/extensions/old'.",
      "  Its release file is '/usr/lib/extension-release.d/extension-release.foo', because it has the image's name (systemd-sysext(8)).",
      '  FIELD        EXTENSION SAYS HOST SAYS FITS RULE',
      '  SYSEXT_SCOPE -              system    yes  an extension that names none is for system and portable (os-release(5))',
      '  ARCHITECTURE -              x86-64    yes  an extension that names none fits every architecture (systemd-sysext(8), systemd.unit(5))',
      '  ID           debian         debian    yes  both are the same (systemd-sysext(8))',
      '  VERSION_ID   12             13        no   both must be the same (systemd-sysext(8))',
      '  Why not: it is for VERSION_ID=12, but the host has VERSION_ID=13.',
      '  What to do: install a build for that version, or set VERSION_ID=13 in its extension-release.foo if it fits.',
      '',
    ].join('\n'),
  );
});

test('of several, how many would be merged comes first', async () => {
  const said = await text(explanation([GOOD, OLD, MASK, HIDDEN]));
  expect(said).toContain(
    [
      '1 of 3 OS extensions would be merged:',
      '  would be merged: good',
      '  does not fit:    old',
      '  switched off:    quiet',
      '',
      'good would be merged.',
    ].join('\n'),
  );
  expect(said).toContain(
    "foo is hidden by another one of the same name.\n  It is '/v/foo'.\n  Why not: '/e/foo' has the same name and comes first (systemd-sysext(8)).\n",
  );
});

test('how to switch on what is switched off', async () => {
  const link = passedOver({ kind: 'masked', entry: '/etc/extensions/off', name: 'off' });
  expect(await text(explanation([MASK, link]))).toMatch(
    /quiet is switched off \(masked\).*'\/var\/lib\/extensions\/quiet' is an empty directory.*remove '\/var\/lib\/extensions\/quiet' and refresh.*off is switched off.*a symlink to \/dev\/null \(systemd-sysext\(8\)\).*remove '\/etc\/extensions\/off' and refresh/s,
  );
});

test('an image that cannot be used keeps all others from being merged', async () => {
  const said = await text(explanation([GOOD, BROKEN]));
  expect(said).toContain('1 of 2 OS extensions fits:\n  fits:           good\n  cannot be used: broken\n');
  expect(said).toContain("A merge is all or nothing: first 'broken' must be mended or removed.\n");
  expect(said).toContain("good fits, but nothing is merged before 'broken' is mended or removed.\n");
  expect(said).toContain(
    'broken cannot be used, and as long as it is there nothing else is merged either.\n',
  );
});

test('one that is not installed is not said to be merged', async () => {
  const said = await text(explanation([{ ...GOOD, isInstalled: false }]));
  expect(said).toContain(
    'good fits; it is not installed, to have it merged put it into /var/lib/extensions.\n',
  );
  expect(await text(explanation([GOOD, { ...BROKEN, isInstalled: false }]))).toContain(
    'good would be merged.',
  );
});

test('the versions, and why each of them is not taken', async () => {
  const versioned = { ...GOOD, image: { ...GOOD.image, versions: VERSIONS } };
  const said = await text(explanation([versioned, passedOver(NO_VERSION)]));
  expect(said).toContain(
    "Of the versions there 'foo_2' is taken (systemd.v(7)).\n    Not 'foo_1': it is older.\n    Not 'readme': it does not begin with 'foo_'.\n",
  );
  expect(said).toContain("Why not: no usable version in it; 'readme' does not begin with 'foo_'.");
});

test('of several hosts, a table tells what hinders; what is true of all is said once', async () => {
  const hosts = [HOST, host('ID=fedora VERSION_ID=43', '/tmp/fedora')];
  const all = ['ID=debian VERSION_ID=13', 'ID=debian VERSION_ID=12', 'ID=_any'];
  const candidates = all.map((line, index) => extension('abc'[index]!, line, hosts));
  const said = await text(explanation([...candidates, BROKEN], hosts));
  expect(said).toContain(
    [
      'EXTENSION /etc/os-release     /tmp/fedora',
      'a         merged              ignored: ID',
      'b         ignored: VERSION_ID ignored: ID',
      'c         merged              merged',
      'broken    cannot be used      cannot be used',
    ].join('\n'),
  );
  expect(said.match(/It is the directory '\/var\/lib\/extensions\/a'/g)).toHaveLength(1);
  expect(said).toContain('  For /tmp/fedora: it would be ignored, because it does not fit.\n    FIELD ');
});

test('what --force overrides', async () => {
  const { release, verdict, checks } = judgement('ID=debian VERSION_ID=12');
  if (verdict.kind === 'accepted') throw new Error('it does not fit');
  const forced = {
    release,
    checks,
    verdict: { kind: 'accepted', rule: 'forced', overridden: verdict },
  } as const;
  const what = explanation([
    candidate('old', { kind: 'judged', isMask: false, protection: [], judgements: [forced] }),
  ]);
  const said = await text(what);
  expect(said).toContain('old would be merged, but only because of --force.\n');
  expect(said).toContain('Without --force it would be ignored: it is for VERSION_ID=12');
  expect(explanationStatus(what)).toBe(0);
  expect((await json(what)).candidates[0]!.verdicts).toMatchObject([
    { fate: 'merged', rule: 'forced', overridden: 'version-mismatch' },
  ]);
});

test('lines of release files that make no sense, and how an image was checked', async () => {
  const judged = judgement('ID=_any');
  if (judged.release.kind !== 'found') throw new Error('it is found');
  const problems = [{ line: 2, text: 'what', kind: 'no-assignment' as const }];
  const candidates = [
    candidate('foo', {
      kind: 'judged',
      isMask: false,
      protection: [{ by: { kind: 'kernel' }, signature: { kind: 'unsigned' } }],
      judgements: [{ ...judged, release: { ...judged.release, problems } }],
    }),
  ];
  const hosts = [{ ...HOST, release: { ...HOST.release, problems } }];
  const said = await text(explanation(candidates, hosts));
  expect(said).toContain(
    "  Mind: '/etc/os-release', line 2: not an assignment (FIELD=value), skipped: 'what'.\n",
  );
  expect(said).toContain("extension-release.foo', line 2: not an assignment");
  expect(said).toContain("  The kernel checks 'foo' while it reads (dm-verity).\n");
  expect(await json(explanation(candidates, hosts))).toMatchObject({
    hosts: [{ notes: [expect.any(String)] }],
    candidates: [{ notes: [expect.any(String), expect.any(String)] }],
  });
});

test('nothing is installed: where it would be', async () => {
  expect(await text(explanation([]))).toBe(
    "No OS extensions found. They are looked for in '/etc/extensions', '/var/lib/extensions'; there is nothing to explain.\n",
  );
  expect((await json(explanation([]))).candidates).toEqual([]);
  expect(explanationStatus(explanation([]))).toBe(0);
});

const NOT_CHOSEN: Candidate = {
  kind: 'not-chosen',
  image: candidate('foo', { kind: 'untold', reason: 'permission' }).image,
  why: { kind: 'excepted', pattern: 'f*' },
  isRecorded: false,
  choice: { names: [], only: [], except: ['f*'], from: [], order: [] },
};

test('not chosen: by what, and what to do, now and when it was said before', async () => {
  expect(await text(explanation([NOT_CHOSEN]))).toContain(
    [
      'foo would not be merged, because it is not chosen.',
      "  It is the directory '/var/lib/extensions/foo'.",
      "  Why not: --except='f*' leaves it out (--except='f*').",
      "  What to do: choose 'foo' as well.",
      '',
    ].join('\n'),
  );
  const before: Candidate = {
    ...NOT_CHOSEN,
    why: { kind: 'others-named' },
    isRecorded: true,
    choice: { ...NOT_CHOSEN.choice, names: ['bar'], except: [] },
  };
  expect(await text(explanation([before]))).toContain(
    "  Why not: only others were named, as was said when what is merged was merged (bar).\n  What to do: refresh with --all, or choose 'foo' as well.\n",
  );
});

const FATES: Readonly<Record<Fate, readonly [Candidate, 0 | 1 | 2]>> = {
  merged: [GOOD, 0],
  ignored: [OLD, 1],
  unusable: [BROKEN, 1],
  masked: [MASK, 0],
  'not-chosen': [NOT_CHOSEN, 0],
  hidden: [HIDDEN, 0],
  rejected: [passedOver({ kind: 'dangling', entry: '/e/foo' }), 1],
  skipped: [passedOver({ kind: 'no-image', entry: '/e/README' }), 0],
  untold: [UNTOLD, 2],
};

test.each(Object.entries(FATES))('%s: in text, in JSON, and the exit status', async (fate, [one, status]) => {
  expect(fateOf(one, 0)).toBe(fate);
  expect(explanationStatus(explanation([GOOD, one]))).toBe(status);
  expect(explanationStatus(explanation([one, UNTOLD]))).toBe(2);
  expect(await text(explanation([one]))).toMatch(/^For .*\n\n\S+ [a-z][^.]*\.\n {2}\S/);
  expect((await json(explanation([one]))).candidates[0]!.verdicts[0]).toMatchObject({ fate });
});

test.each<[PassedOver, Fate]>([
  [{ kind: 'unreachable', entry: '/e/x', code: 'ELOOP' }, 'rejected'],
  [{ kind: 'unreachable', entry: '/e/x', code: 'EACCES' }, 'untold'],
  [{ kind: 'bad-name', entry: '/e/x', problem: { kind: 'temporary' } }, 'skipped'],
  [{ kind: 'bad-name', entry: '/e/x', problem: { kind: 'control-character' } }, 'rejected'],
  [NO_VERSION, 'rejected'],
])('an entry that gives no image: %j', async (one, fate) => {
  expect(fateOf(passedOver(one), 0)).toBe(fate);
  await json(explanation([passedOver(one)]));
});

test.each(['not-privileged', 'permission'] as const)('it cannot be told: %s', async (reason) => {
  expect(await text(explanation([candidate('x', { kind: 'untold', reason })]))).toContain('run this as root');
});

test('it cannot be told, because the kernel does not mount it', async () => {
  const what = candidate('x', { kind: 'untold', reason: 'not-mounted', cause: new Error('no loop device') });
  expect(await text(explanation([what]))).toContain('no loop device');
});

test('every rule has a sentence and a manual page', () => {
  const said = Object.entries(ALL_RULES).map(([rule, check]) => {
    const one = { check, rule, extension: 'x' } as Check;
    expect(sourceOfRule(one)).toMatch(/^[a-z.-]+\(\d\)(, [a-z.-]+\(\d\))*$/);
    return describeCheckRule(one);
  });
  expect(new Set(said).size).toBe(said.length);
  for (const sentence of said) expect(sentence).toMatch(/^[a-z_].*[^.]$/);
});

test('what is set to nothing, or not at all, is for the default scopes only', () => {
  const check = { check: 'scope', rule: 'not-listed', extension: null } as const;
  expect(describeCheckRule(check)).toBe('an extension that names none is for system and portable only');
});

const TRUSTED = ['kind', 'rule', 'check', 'reason', 'via', 'scope', 'via', 'code'];

test('it is harmless on a terminal, and JSON keeps what was there', async () => {
  const hosts = [host('ID=debian ID_LIKE=x VERSION_ID=13 SYSEXT_LEVEL=1'), host('ID=x', '/tmp/x')];
  const versioned = { ...OLD, image: { ...OLD.image, versions: VERSIONS } };
  const all: Candidate[] = [
    versioned,
    extension('good', 'ID=_any SYSEXT_SCOPE=system', hosts),
    extension('bad', 'ID=arch ARCHITECTURE=x86-64', hosts),
    ...Object.values(FATES).map(([one]) => one),
    passedOver(NO_VERSION),
  ];
  const onBoth = all.map((one) =>
    one.kind === 'image' && one.findings.kind === 'judged'
      ? { ...one, findings: { ...one.findings, judgements: [0, 1].map(() => withoutMaps(one)) } }
      : one,
  );
  const plain = explanation(onBoth, hosts);
  const hostile: Explanation = {
    hosts: hosts.map(({ label, release }) => ({
      label: makeHostile(label, []),
      release: {
        ...makeHostile({ ...release, fields: null }, TRUSTED),
        fields: hostileMap(release.fields),
      },
    })),
    searched: makeHostile(plain.searched, []),
    candidates: makeHostile(plain.candidates, TRUSTED),
  };
  for (const one of [hostile, { ...hostile, hosts: hostile.hosts.slice(0, 1) }]) {
    for (const line of (await text(one)).split('\n')) expect(line).not.toMatch(DANGEROUS);
  }
  expect((await text(hostile)).split('\n')).toHaveLength((await text(plain)).split('\n').length);
  await json(plain);
  const printed = await explanationReport(hostile, CLASSES.sysext, 'short');
  expect(printed.trimEnd()).not.toMatch(DANGEROUS);
  expect(readExplained(printed).searched).toEqual(hostile.searched);

  function withoutMaps(one: Candidate & { kind: 'image' }) {
    if (one.findings.kind !== 'judged') throw new Error('it is judged');
    const [first] = one.findings.judgements;
    const release = first!.release;
    return { ...first!, release: release.kind === 'found' ? { ...release, fields: [] as never } : release };
  }
});

test('nothing of several hostile names at once is left out or makes a line of its own', async () => {
  const names = ['a\nb', 'c\x1b[2J'].map((name) => extension(name, 'ID=_any'));
  expect((await text(explanation(names))).split('\n')[2]).toBe('  would be merged: a\\nb, c\\x1b[2J');
});

function hostileMap(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...map].map(([key, value]) => [key, makeHostile(value, [])]));
}
