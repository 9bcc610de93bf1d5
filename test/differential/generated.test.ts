import fc from 'fast-check';
import { compareRuns } from './compare.js';
import { scenarios } from './generated.js';
import { findOracles, findSubject, NO_ORACLE, type Oracle } from './programs.js';
import { Runs } from './run.js';
import type { Scenario } from './scenario.js';

/** A few of always the same sequences; `npm run fuzz:differential` makes others, and more. */
const SEED = Number(process.env['SYSEXT_FUZZ_SEED'] ?? 262);
const COUNT = Number(process.env['SYSEXT_FUZZ_COUNT'] ?? 10);

/** They run side by side, each with a seed of its own: a program waits for others most of the time. */
const LANES = 5;
const EACH = Math.ceil(COUNT / LANES);

const oracle = findOracles().find(({ version }) => version >= 262);

if (oracle === undefined) test.skip(NO_ORACLE, () => {});
else {
  const define = process.getuid?.() === 0 ? (test.concurrent as jest.It) : test.skip;
  for (let lane = 0; lane < LANES; lane += 1) {
    const seed = SEED + lane;
    define(`${EACH} sequences of seed ${seed}, as ${oracle.name}`, () => agree(seed, oracle), timeout());
  }
}

/** Ten seconds for each sequence, and two minutes to make one that fails smaller. */
function timeout(): number {
  return EACH * 10_000 + 120_000;
}

async function agree(seed: number, original: Oracle): Promise<void> {
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    const difference = await compare(scenario, original);
    if (difference !== null) throw new Error(difference);
  });
  const result = await fc.check(property, {
    seed,
    numRuns: EACH,
    interruptAfterTimeLimit: EACH * 10_000 + 60_000,
    markInterruptAsFailure: false,
  });
  if (!result.failed) return;
  const again = `npm run fuzz:differential -- --seed ${seed} --count ${EACH * LANES}`;
  const smallest = JSON.stringify(result.counterexample?.[0], null, 2);
  const said = result.errorInstance instanceof Error ? result.errorInstance.message : '';
  throw new Error(`They disagree. To see it again: ${again}\n\n${smallest}\n\n${said}`);
}

/** @returns both sides, or `null` where they are the same */
async function compare(scenario: Scenario, original: Oracle): Promise<string | null> {
  const runs = new Runs(scenario);
  try {
    const [theirs, ours] = await Promise.all([runs.by([original]), runs.by([findSubject()])]);
    const compared = compareRuns(ours, theirs, original.version);
    if (compared.subject === compared.original) return null;
    return differingLines(compared.original, compared.subject);
  } finally {
    runs.remove();
  }
}

/** From the first line that differs on, some lines of each. */
function differingLines(original: string, subject: string): string {
  const [theirs, ours] = [original.split('\n'), subject.split('\n')];
  const first = theirs.findIndex((line, index) => line !== ours[index]);
  const from = first === -1 ? theirs.length : first;
  const step = theirs.slice(0, from + 1).findLast((line) => line.startsWith('== '));
  const part = (lines: readonly string[]): string => lines.slice(from, from + 12).join('\n');
  return `after ${step}\nthe original:\n${part(theirs)}\nours:\n${part(ours)}`;
}
