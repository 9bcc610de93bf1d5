import fc from 'fast-check';
import { scenarios } from './generator/scenarios.js';
import { asCall, type Call, type Scenario, words } from './scenario.js';

const sample = (): Scenario[] => fc.sample(fc.noBias(scenarios), { seed: 262, numRuns: 400 });
const SAMPLE = sample();

const some = (test: (call: Call) => boolean) => (scenario: Scenario) => scenario.calls.map(asCall).some(test);
const file = (pattern: RegExp) => (scenario: Scenario) =>
  Object.keys(scenario.tree).some((path) => pattern.test(path));
const variable = (name: string) => some(({ env = {} }) => Object.keys(env).some((key) => key.endsWith(name)));

/** What is worth a comparison, and of how many scenarios in a hundred it is at least a part. */
const FEATURES: Readonly<Record<string, readonly [percent: number, has: (scenario: Scenario) => boolean]>> = {
  'configuration extensions': [20, (scenario) => scenario.class === 'confext'],
  'disk images': [15, (scenario) => scenario.images === true],
  'a root on a disk': [10, (scenario) => scenario.on === 'disk'],
  'extensions that come and go': [40, some(({ before }) => before?.remove !== undefined)],
  refresh: [60, some((call) => words(call)[0] === 'refresh')],
  'a mutable mode by option': [30, some((call) => words(call).some((word) => word.startsWith('--mutable=')))],
  'a mutable mode by environment': [10, variable('_MUTABLE_MODE')],
  'configuration files': [15, file(/systemd\/(?:sys|conf)ext\.conf/)],
  'write directories': [40, file(/^var\/lib\/extensions\.mutable\//)],
  'mounts below a hierarchy': [20, some(({ script = '' }) => script.includes('mount -'))],
  'files that are written while merged': [20, some(({ script = '' }) => script.includes('/dev/null'))],
  'versioned directories': [15, file(/\.v\//)],
  suffixes: [5, file(/\.(?:sys|conf)ext\/(?:usr|etc)\//)],
  'other hierarchies': [8, variable('_HIERARCHIES')],
  'overlay options': [2, variable('_OVERLAYFS_MOUNT_OPTIONS')],
  'an initrd': [2, file(/^etc\/initrd-release$/)],
  'an os-release in etc': [5, file(/^etc\/os-release$/)],
  'no release file of that name': [5, file(/extension-release\.other$/)],
};

test.each(Object.entries(FEATURES))('generated scenarios have %s', (_, [percent, has]) => {
  expect((SAMPLE.filter(has).length / SAMPLE.length) * 100).toBeGreaterThanOrEqual(percent);
});

test('a seed always makes the same scenarios', () => {
  expect(JSON.stringify(sample())).toBe(JSON.stringify(SAMPLE));
});
