import fc from 'fast-check';
import { compareRuns } from './compare.js';
import { minimize } from './generator/minimize.js';
import { scenarios } from './generator/scenarios.js';
import { ASPECTS, type Aspect } from './observation.js';
import { findOracles, findSubject, NO_ORACLE, type Oracle } from './programs.js';
import { Runs, type Step } from './run.js';
import { type Scenario, words } from './scenario.js';

/** A few of always the same sequences; `npm run fuzz:differential` makes others, and more. */
const SEED = Number(process.env['SYSEXT_FUZZ_SEED'] ?? 262);
const COUNT = Number(process.env['SYSEXT_FUZZ_COUNT'] ?? 10);

/** They run side by side, each with a seed of its own: a program waits for others most of the time. */
const LANES = 5;
const EACH = Math.ceil(COUNT / LANES);

/** To make one that fails smaller, in milliseconds. */
const MINIMIZING = 240_000;

const oracle = findOracles().find(({ version }) => version >= 262);

if (oracle === undefined) test.skip(NO_ORACLE, () => {});
else {
  const define = process.getuid?.() === 0 ? (test.concurrent as jest.It) : test.skip;
  for (let lane = 0; lane < LANES; lane += 1) {
    const seed = SEED + lane;
    define(`${EACH} sequences of seed ${seed}, as ${oracle.name}`, () => agree(seed, oracle), timeout());
  }
}

/** Ten seconds for each sequence, and what is needed to make one that fails smaller. */
function timeout(): number {
  return EACH * 10_000 + 120_000 + MINIMIZING;
}

async function agree(seed: number, original: Oracle): Promise<void> {
  const property = fc.asyncProperty(scenarios, async (scenario) => {
    const said = await outcome(scenario, original);
    if (said !== null) throw new Error(said.text);
  });
  const { counterexample } = await fc.check(property, {
    seed,
    numRuns: EACH,
    // Otherwise half of it is small, and most of that merges nothing.
    unbiased: true,
    // What depends on what is not known to the generator, so its way to make something smaller does not lead far.
    endOnFailure: true,
    interruptAfterTimeLimit: EACH * 10_000 + 60_000,
    markInterruptAsFailure: false,
  });
  if (counterexample === null) return;
  const [scenario] = counterexample;
  const first = await outcome(scenario, original);
  const fails = async (one: Scenario): Promise<boolean> =>
    (await outcome(one, original))?.kind === first?.kind;
  const smallest = first === null ? scenario : await minimize(scenario, fails, Date.now() + MINIMIZING);
  const again = `npm run fuzz:differential -- --seed ${seed} --count ${EACH * LANES}`;
  const said = (await outcome(smallest, original))?.text ?? 'When it was tried again, they agreed.';
  throw new Error(
    `They disagree. To see it again: ${again}\n\n${JSON.stringify(smallest, null, 2)}\n\n${said}`,
  );
}

interface Outcome {
  readonly kind: 'disagreement' | 'error';
  readonly text: string;
}

/** @returns `null` where they agree */
async function outcome(scenario: Scenario, original: Oracle): Promise<Outcome | null> {
  try {
    const text = await disagreement(scenario, original);
    return text === null ? null : { kind: 'disagreement', text };
  } catch (error) {
    return { kind: 'error', text: String(error) };
  }
}

/** @returns what is different, or `null` where they agree */
async function disagreement(scenario: Scenario, original: Oracle): Promise<string | null> {
  const runs = new Runs(scenario);
  try {
    const [theirs, ours] = await Promise.all([runs.by([original]), runs.by([findSubject()])]);
    const end = endOfComparison(ours, theirs);
    const compared = compareRuns(ours.slice(0, end), theirs.slice(0, end), original.version);
    if (compared.subject !== compared.original) return differingLines(compared.original, compared.subject);
    return whatFailureChanged(ours.slice(0, end + 1), theirs[end]);
  } finally {
    runs.remove();
  }
}

/** An empty directory over a hierarchy (`covered-hierarchy`), as `/opt tmpfs sysext[/overlay/opt]`. */
const COVERED = /^\S+ tmpfs (?:sysext|confext)\[\/overlay\//m;

/** Where ours does not fail (`refresh-to-host`, `mode-of-the-host`). */
const NO_REASON = /^Failed to chmod directory|^Mutable directory .* ought to have mode/m;

/**
 * How many steps can be compared: until the original covers a hierarchy, or fails and takes off what was merged, or leaves
 * write directories behind (`failed-refresh`, `failed-merge`). What is done after that is another story.
 */
function endOfComparison(ours: readonly Step[], theirs: readonly Step[]): number {
  const differs = ({ seen }: Step, other: Step | undefined): boolean =>
    ASPECTS.some((aspect) => seen[aspect] !== other?.seen[aspect]);
  const end = theirs.findIndex(
    (step, index) =>
      COVERED.test(step.seen.mounts) ||
      (['merge', 'refresh'].includes(words(step.call)[0] ?? '') &&
        step.seen.status !== '0' &&
        differs(step, ours[index])),
  );
  return end === -1 ? theirs.length : end;
}

/** What ours does in place of that: it fails as well, and all is as it was before. @returns what else it did */
function whatFailureChanged(ours: readonly Step[], theirs: Step | undefined): string | null {
  const [before, after] = [ours.at(-2), ours.at(-1)];
  if (theirs === undefined || after === undefined || theirs.seen.status === '0') return null;
  if (after.seen.status === '0' && NO_REASON.test(theirs.stderr)) return null;
  const text = ({ seen }: Step, aspects: readonly Aspect[]): string =>
    [`== ${words(after.call).join(' ')}`, ...aspects.map((aspect) => seen[aspect])].join('\n');
  const [said, says] = [theirs, after].map((step) => text(step, ['status', 'stdout'])) as [string, string];
  if (said !== says) return differingLines(said, says);
  if (before === undefined || after.call.before !== undefined || after.call.script !== undefined) return null;
  const [was, is] = [before, after].map((step) => text(step, ['mounts', 'metadata', 'tree'])) as [
    string,
    string,
  ];
  return was === is ? null : `ours fails, and this changed:\n${differingLines(was, is)}`;
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
