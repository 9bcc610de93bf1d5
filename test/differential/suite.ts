import { compareRuns } from './compare.js';
import type { Aspect } from './observation.js';
import { planned } from './plan.js';
import { findOracles, findSubject, NO_ORACLE, type Oracle, type Program } from './programs.js';
import { Runs, type Step } from './run.js';
import type { Scenario } from './scenario.js';

/** A test for each scenario and each original that can do it: ours must do the same. */
export function differential(title: string, scenarios: readonly Scenario[]): void {
  suite(title, scenarios, (test, scenario, runs, oracle) => {
    test(`${scenario.name}, as ${oracle.name}`, () => expectSame(runs, [findSubject()], oracle));
  });
  planned(title, scenarios);
}

/**
 * Two tests for each: ours and the original take turns, and one or the other begins. What comes out must be the same as
 * when the original does all.
 */
export function interoperable(title: string, scenarios: readonly Scenario[]): void {
  suite(title, scenarios, (test, scenario, runs, oracle) => {
    const title = `${scenario.name}, with ${oracle.name}`;
    test(`${title}: ours begins`, () => expectSame(runs, [findSubject(), oracle], oracle));
    test(`${title}: the original begins`, () => expectSame(runs, [oracle, findSubject()], oracle));
  });
  planned(title, scenarios);
}

/** Fails with what differs between an original and whoever makes the calls in its place. */
export async function expectSame(runs: Runs, subject: readonly Program[], oracle: Oracle): Promise<void> {
  const [theirs, ours] = await Promise.all([runs.by([oracle]), runs.by(subject)]);
  const compared = compareRuns(ours, theirs, oracle.version);
  expect(compared.subject).toBe(compared.original);
  expect(compared.stale).toEqual([]);
  for (const step of ours) expectOurs(step, runs.root);
}

type Define = (test: jest.It, scenario: Scenario, runs: Runs, oracle: Oracle) => void;

/** Without an original there is one skipped test, which says what is missing. */
function suite(title: string, scenarios: readonly Scenario[], define: Define): void {
  describe(title, () => {
    const oracles = findOracles();
    if (oracles.length === 0) test.skip(NO_ORACLE, () => {});
    for (const scenario of oracles.length === 0 ? [] : scenarios) {
      const { name, since = 0 } = scenario;
      const able = oracles.filter(({ version }) => version >= since);
      if (able.length === 0) test.skip(`${name}: no original here is systemd ${since} or later`, () => {});
      const runs = new Runs(scenario);
      if (able.length > 0) afterAll(() => runs.remove());
      for (const oracle of able) define(testOf(scenario), scenario, runs, oracle);
    }
  });
}

/** The tests wait for processes most of the time, so several run at once. */
function testOf({ images, root }: Scenario): jest.It {
  const skip = process.getuid?.() !== 0 && (images || root);
  return skip ? test.skip : (test.concurrent as jest.It);
}

/** What a scenario asks of ours beyond being like the original. */
function expectOurs({ call, by, seen, stderr }: Step, root: string): void {
  if (by !== 'ours') return;
  for (const sentence of call.says ?? []) expect(stderr).toContain(sentence.replaceAll('ROOT', root));
  for (const [aspect, wanted] of Object.entries(call.expects ?? {}) as [Aspect, string | RegExp][]) {
    expect(seen[aspect]).toMatch(wanted);
  }
}
