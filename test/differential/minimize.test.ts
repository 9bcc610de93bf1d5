import type { Tree } from '../support/tree.js';
import { minimize } from './generator/minimize.js';
import { asCall, type Scenario, words } from './scenario.js';

const files = (count: number): Tree =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`usr/${number}`, 'x']));

const SCENARIO: Scenario = {
  name: 'generated',
  on: 'disk',
  tree: files(50),
  calls: [
    'list',
    { args: ['merge', '--force', '--noexec=yes'], script: 'true', env: { A: '1' } },
    { args: 'unmerge', before: { remove: ['usr/1'] } },
    { args: 'refresh --mutable=yes', env: { B: '1' } },
    'status',
  ],
};

test('a scenario keeps what it needs to fail, and nothing else', async () => {
  let tried = 0;
  const fails = async ({ tree, calls }: Scenario): Promise<boolean> => {
    tried += 1;
    const merge = calls.map(asCall).findIndex((call) => words(call).includes('--noexec=yes'));
    const refresh = calls.map(asCall).findIndex((call) => call.env?.['B'] === '1');
    return 'usr/7' in tree && 'usr/41' in tree && merge !== -1 && refresh > merge;
  };
  expect(await minimize(SCENARIO, fails, Number.POSITIVE_INFINITY)).toEqual({
    name: 'generated',
    tree: { 'usr/7': 'x', 'usr/41': 'x' },
    calls: [{ args: ['merge', '--noexec=yes'] }, { args: ['refresh'], env: { B: '1' } }],
  });
  expect(tried).toBeLessThan(120);
});

test('one that needs all of itself stays as it is', async () => {
  const fails = async (scenario: Scenario): Promise<boolean> => scenario === SCENARIO;
  expect(await minimize(SCENARIO, fails, Number.POSITIVE_INFINITY)).toBe(SCENARIO);
});

test('when the time is over, it is as small as it has become', async () => {
  expect(await minimize(SCENARIO, async () => true, 0)).toBe(SCENARIO);
});
