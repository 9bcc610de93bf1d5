import { randomOf } from '../../fuzz/random.js';
import { whyNoStrace } from '../../support/system-calls.js';
import { type Disturbance, describePoint, disturbancesOf, type Point } from './points.js';
import { SCENARIOS, type Scenario } from './scenarios.js';
import { type Rehearsal, Trial, VERBS, type Verb } from './trial.js';

/** `npm run test:faults` sets these; without them it is a share that takes seconds. */
const { SYSEXT_FAULTS_SHARE, SYSEXT_FAULTS_SEED, SYSEXT_FAULTS_SCENARIO } = process.env;
const [PART = 1, PARTS = 1] = (SYSEXT_FAULTS_SHARE ?? '1/150').split('/').map(Number);
const SEED = Number(SYSEXT_FAULTS_SEED ?? 1);
const LIMIT = 12 * 3600 * 1000;

/** What a run by hand is told; the tests are silent. */
const tell = (line: string): void => {
  if (SYSEXT_FAULTS_SHARE !== undefined) process.stderr.write(`${line}\n`);
};

interface Try {
  readonly verb: Verb;
  readonly point: Point;
  readonly disturbance: Disturbance;
  /** What is called afterwards. */
  readonly next: Verb;
}

/** Of all points and disturbances, in an order that the seed says, every nth; and each time all external programs of the first. */
function choose(rehearsals: ReadonlyMap<Verb, Rehearsal>, index: number): Try[] {
  const isAlways = ({ point }: Try) =>
    SYSEXT_FAULTS_SHARE === undefined && index === 0 && point.kind === 'command';
  const random = randomOf(SEED, index);
  const all = [...rehearsals].flatMap(([verb, { points }]) =>
    points.flatMap((point) =>
      disturbancesOf(point).map((disturbance) => ({ verb, point, disturbance, next: random.pick(VERBS) })),
    ),
  );
  for (let last = all.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [all[last], all[other]] = [all[other]!, all[last]!];
  }
  return all.filter((each, number) => number % PARTS === PART % PARTS || isAlways(each));
}

async function rehearseAll(trial: Trial): Promise<ReadonlyMap<Verb, Rehearsal>> {
  const rehearsals = new Map<Verb, Rehearsal>();
  try {
    for (const verb of VERBS) rehearsals.set(verb, await trial.rehearse(verb));
    return rehearsals;
  } catch (error) {
    await trial.close();
    throw error;
  }
}

/** Two machines at a time. @returns what went wrong */
async function disturbAll(
  scenario: Scenario,
  first: Trial,
  rehearsals: ReadonlyMap<Verb, Rehearsal>,
  tries: readonly Try[],
): Promise<string[]> {
  const failures: string[] = [];
  const ahead = [...tries];
  const work = async (given: Trial | null): Promise<void> => {
    let trial = given;
    for (let each = ahead.shift(); each !== undefined; each = ahead.shift()) {
      const { verb, point, disturbance, next } = each;
      trial ??= await Trial.open(scenario);
      try {
        const isUsable = await trial.disturb(verb, point, disturbance, rehearsals.get(verb)!, next);
        if (isUsable) continue;
      } catch (error) {
        const where = `${scenario.name}, ${verb}, ${disturbance.fault} at ${describePoint(point)}, then ${next}`;
        failures.push(`${where}:\n${(error as Error).message}`);
        tell(failures.at(-1)!);
      }
      await trial.close();
      trial = null;
    }
    await trial?.close();
  };
  await Promise.all(tries.length > 10 ? [work(first), work(null)] : [work(first)]);
  return failures;
}

const reason = whyNoStrace();
const chosen = SCENARIOS.filter(({ name, isUsual }) =>
  SYSEXT_FAULTS_SCENARIO ? name === SYSEXT_FAULTS_SCENARIO : isUsual || SYSEXT_FAULTS_SHARE !== undefined,
);

if (chosen.length === 0)
  test(`there are surroundings called '${SYSEXT_FAULTS_SCENARIO}'`, () => expect(chosen).not.toEqual([]));
else
  describe.each(chosen.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
    const isPossible = reason === null && (scenario.isPossible?.() ?? true);
    (isPossible ? test : test.skip)(
      `whatever fails or is killed, all is as before or as after${reason === null ? '' : `: ${reason}`}`,
      async () => {
        const trial = await Trial.open(scenario);
        const rehearsals = await rehearseAll(trial);
        const tries = choose(rehearsals, SCENARIOS.indexOf(scenario));
        const failures = await disturbAll(scenario, trial, rehearsals, tries);
        const points = VERBS.map((verb) => `${verb} ${rehearsals.get(verb)!.points.length}`).join(', ');
        const kills = tries.filter(({ disturbance }) => /KILL|killed/.test(disturbance.fault)).length;
        const tried = `${tries.length} disturbances tried, ${kills} of them kills, ${failures.length} failures`;
        tell(`${scenario.name}: ${points} points; ${tried}`);
        if (failures.length > 0) throw new Error(failures.join('\n\n'));
      },
      LIMIT,
    );
  });
