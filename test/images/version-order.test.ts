import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { compareNames, compareVersions } from '../../src/images/version-order.js';
import { VERSION_CHAIN, VERSION_PAIRS } from '../support/versions.js';

const SIGN = { '<': -1, '==': 0, '>': 1 } as const;

test.each(VERSION_PAIRS)('%j %s %j', (a, sign, b) => {
  expect(compareVersions(a, b)).toBe(SIGN[sign]);
  expect(compareVersions(b, a) + SIGN[sign]).toBe(0);
});

test('the chain of the specification, every version with every other', () => {
  VERSION_CHAIN.forEach((a, i) => {
    VERSION_CHAIN.forEach((b, j) => {
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
