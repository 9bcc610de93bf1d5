import { createHash } from 'node:crypto';
import { compareRuns } from './compare.js';
import { findSubject, type Program } from './programs.js';
import { Runs, type Step } from './run.js';
import { asCall, type Scenario, words } from './scenario.js';
import { SHELLS, scriptedProgram } from './script.js';

/** Of all scenarios one in so many is tried by `npm test`; `npm run test:plan` tries each. */
const SHARE = 10;
const ALL = process.env['SYSEXT_PLAN'] === 'all';

/**
 * A test for each scenario: the script of `plan --format=sh` leads to the same as the command, and each takes off what the
 * other has merged.
 */
export function planned(title: string, scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) {
    const number = numberOf(`${title}: ${scenario.name}`);
    if (!ALL && number % SHARE !== 0) continue;
    const withStatus = asking(scenario);
    const runs = new Runs(withStatus);
    afterAll(() => runs.remove());
    const isSkipped = process.getuid?.() !== 0 && (scenario.images || scenario.root);
    const define = isSkipped ? test.skip : (test.concurrent as jest.It);
    define(`${scenario.name}: the script of plan does the same`, () => expectScript(runs, number));
  }
}

/** Always the same for a name, and spread over all. */
function numberOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE();
}

/** With a look at the status after each call that merges something. */
function asking(scenario: Scenario): Scenario {
  const calls = scenario.calls.map(asCall).flatMap((call) => {
    const isMerging = words(call).some((word) => word === 'merge' || word === 'refresh');
    const root = call.root === undefined ? {} : { root: call.root };
    const env = call.env === undefined ? {} : { env: call.env };
    return isMerging ? [call, { args: 'status --json=pretty', ...root, ...env }] : [call];
  });
  return { ...scenario, calls };
}

async function expectScript(runs: Runs, number: number): Promise<void> {
  const ours = findSubject();
  // The losetup(8) of busybox, which its shell takes first, cannot show a part of a file.
  const shells = runs.scenario.images ? SHELLS.slice(0, 1) : SHELLS;
  const scripted = scriptedProgram(shells[number % shells.length] ?? ['sh']);
  // Taking turns, with the looks at the status in between: one begins, and the other one takes over.
  const turns: readonly Program[] =
    number % 3 === 0 ? [scripted, scripted, ours, ours] : [ours, ours, scripted, scripted];
  const wanted = await runs.by([ours]);
  for (const programs of [[scripted], turns]) {
    const found = await runs.by(programs);
    const compared = compareRuns(found.map(plain), wanted.map(plain), 0);
    expect(compared.subject).toBe(compared.original);
  }
}

/** Numbers of loop devices differ from run to run; intended differences are those of other programs. */
function plain({ call, seen, stderr }: Step): Step {
  const { differs: _, ...same } = call;
  const stdout = seen.stdout.replace(/\/dev\/loop\d+/g, '/dev/loop<number>');
  return { call: same, by: 'plan', seen: { ...seen, stdout }, stderr };
}
