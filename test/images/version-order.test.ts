import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { compareNames, compareVersions } from '../../src/images/version-order.js';

/** Each row was checked with `systemd-analyze compare-versions`. */
const TABLE: [string, '<' | '==' | '>', string][] = [
  ['11α', '==', '11β'],
  ['', '<', '0'],
  ['~', '<', ''],
  ['~', '<', '~~'],
  ['1~', '<', '1~~'],
  ['1.0~~rc1', '<', '1.0~rc1'],
  ['1.0~rc1', '<', '1.0'],
  ['1.0-rc1', '>', '1.0'],
  ['1.0.0-rc.1', '>', '1.0.0'],
  ['1.0-1', '<', '1.0.1'],
  ['1.0^git1', '>', '1.0'],
  ['1.0^git1', '>', '1.0-1'],
  ['1.0^git1', '<', '1.0.1'],
  ['1.0a', '>', '1.0.1'],
  ['123a', '>', '123.a'],
  ['1.a', '<', '1.1'],
  // Here the specification's text gives the opposite: an empty run of digits would be 0.
  ['1.a', '<', '1.0'],
  ['a', '<', '0'],
  ['1.010', '==', '1.10'],
  ['1.10', '>', '1.9'],
  ['99999999999999999999', '<', '100000000000000000000'],
  ['1', '==', '1_'],
  ['1', '==', '_1'],
  ['1', '==', '1+'],
  ['1_2_3', '>', '1.3.3'],
  ['1.0_2', '>', '1.0.2'],
  ['1.0..1', '<', '1.0.1'],
  ['1.0', '>', '1'],
  ['v1.2.3', '<', '1.2.3'],
  ['v2', '<', '1'],
  ['1.31.5+k3s1', '>', '1.31.5'],
  ['1a2', '<', '1a10'],
  ['B', '<', 'a'],
  ['foo', '<', 'foo-bar'],
  ['foo-a', '<', 'foo1'],
  ['foo_2', '<', 'foo_10'],
];

/** The example of the specification, oldest first. */
const CHAIN = [
  '122.1',
  '123~rc1-1',
  '123',
  '123-a',
  '123-a.1',
  '123-1',
  '123-1.1',
  '123^post1',
  '123.a-1',
  '123.1-1',
  '123a-1',
  '124-1',
];

const SIGN = { '<': -1, '==': 0, '>': 1 } as const;

test.each(TABLE)('%j %s %j', (a, sign, b) => {
  expect(compareVersions(a, b)).toBe(SIGN[sign]);
  expect(compareVersions(b, a) + SIGN[sign]).toBe(0);
});

test('the chain of the specification, every version with every other', () => {
  CHAIN.forEach((a, i) => {
    CHAIN.forEach((b, j) => {
      expect([a, b, compareVersions(a, b)]).toEqual([a, b, Math.sign(i - j)]);
    });
  });
});

const version = fc
  .array(fc.constantFrom('0', '1', '9', '10', '007', 'a', 'B', 'rc', '~', '-', '^', '.', '_', '+', 'é'), {
    maxLength: 7,
  })
  .map((parts) => parts.join(''));

test('a version equals itself', () => {
  fc.assert(fc.property(version, (a) => compareVersions(a, a) === 0));
});

test('two versions compare the same from both sides', () => {
  fc.assert(fc.property(version, version, (a, b) => compareVersions(a, b) + compareVersions(b, a) === 0));
});

test('what is older than an older version is older', () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      const [x, y, z] = [a, b, c].sort(compareVersions) as [string, string, string];
      expect([-1, 0]).toContain(compareVersions(x, y));
      expect([-1, 0]).toContain(compareVersions(y, z));
      expect(compareVersions(x, z)).toBe(Math.min(compareVersions(x, y), compareVersions(y, z)));
    }),
    { numRuns: 400 },
  );
});

test('numbers are compared by value, however long', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), fc.nat(3), (a, b, zeros) => {
      const expected = a === b ? 0 : a < b ? -1 : 1;
      expect(compareVersions(`1.${'0'.repeat(zeros)}${a}`, `1.${b}`)).toBe(expected);
    }),
  );
});

test('names are in one order only, whatever order they came in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(version, { maxLength: 8 }), (names) => {
      const sorted = [...names].sort(compareNames);
      expect([...names].reverse().sort(compareNames)).toEqual(sorted);
      sorted.slice(1).forEach((name, i) => {
        expect(compareNames(sorted[i]!, name)).toBeLessThan(0);
      });
    }),
  );
});

test('names that are equal versions are ordered by their bytes', () => {
  expect(['foo_1', 'foo+1', 'foo1\u{10000}', 'foo1\u{ffff}'].sort(compareNames)).toEqual([
    'foo+1',
    'foo1\u{ffff}',
    'foo1\u{10000}',
    'foo_1',
  ]);
});

test('a very long version takes no time to speak of', () => {
  const long = '1.a'.repeat(30_000);
  expect(compareVersions(`${long}1`, `${long}2`)).toBe(-1);
});

const analyze = spawnSync('systemd-analyze', ['compare-versions', '1', '2'], { encoding: 'utf8' });
const whenInstalled = analyze.stdout === '1 < 2\n' ? test : test.skip;

whenInstalled('agrees with systemd-analyze(1) on random pairs (skipped where that is not installed)', () => {
  // Without non-ASCII characters: systemd looks at the sign of their bytes, so there it depends on the machine.
  const ascii = version.filter((text) => /^[\x20-\x7e]+$/.test(text));
  const pairs = fc.sample(fc.tuple(ascii, ascii), 40);
  const script = 'while [ $# -gt 0 ]; do systemd-analyze compare-versions -- "$1" "$2"; shift 2; done';
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', ...pairs.flat()], { encoding: 'utf8' });
  const ours = pairs.map(([a, b]) => `${a} ${['<', '==', '>'][compareVersions(a, b) + 1]} ${b}`);
  expect(stdout.trimEnd().split('\n')).toEqual(ours);
});
