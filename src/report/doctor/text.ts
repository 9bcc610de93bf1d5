import { type Feature, fitnessOf, judge, type Verdict } from '../../doctor/judge.js';
import { type Caller, callAgain } from '../explain-hint.js';
import { printable, quoted } from '../printable.js';
import { formatTable } from '../table.js';
import type { Diagnosis } from './diagnosis.js';
import { FEATURES, VERDICTS } from './features.js';
import { describeLeftover, describeMended } from './leftovers.js';
import { describeTools } from './tools.js';
import { describeFinding, type Words } from './words.js';

interface Row extends Words {
  readonly feature: Feature;
  readonly verdict: Verdict;
}

/** The diagnosis for a person: the answer, then all that was looked at, then what to do. */
export async function diagnosisText(diagnosis: Diagnosis, caller: Caller): Promise<string> {
  const { findings, surroundings, tools, mended } = diagnosis;
  const order = Object.keys(FEATURES);
  const rows = findings
    .map((finding) => ({ ...describeFinding(finding, surroundings), ...judge(finding) }))
    .sort((a, b) => order.indexOf(a.feature) - order.indexOf(b.feature));
  const table = await formatTable(
    ['CHECK', 'FOR', 'VERDICT', 'FOUND'],
    rows.map(({ title, feature, verdict, found }) => [title, FEATURES[feature][0], VERDICTS[verdict], found]),
  );
  const blocks = [
    mended === null ? [] : describeAllMended(mended),
    describeAnswer(diagnosis, rows),
    table.trimEnd().split('\n'),
    ...groupProblems(rows).map(describeProblem),
    await describeTools(tools),
    describeLeft(diagnosis, caller),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => `${line}\n`).join(''))
    .join('\n');
}

function describeAllMended(mended: NonNullable<Diagnosis['mended']>): string[] {
  return mended.length === 0 ? ['There was nothing to take away.'] : mended.map(describeMended);
}

function describeAnswer({ findings, leftovers }: Diagnosis, rows: readonly Row[]): string[] {
  const vital = rows.filter(({ feature }) => feature === 'directories');
  const names = (wanted: Verdict) =>
    vital.flatMap(({ title, verdict }) => (verdict === wanted ? printable(title) : []));
  const [missing, untold] = [names('missing'), names('untold')];
  const fitness = fitnessOf(findings, leftovers);
  const answer =
    missing.length > 0
      ? `Nothing can be merged here: see ${missing.join('; ')}.`
      : untold.length > 0
        ? `Whether directories can be merged here could not be told: see ${untold.join('; ')}.`
        : 'Directories can be merged here.';
  const others = [
    ...new Set(
      rows.flatMap(({ feature, verdict }) =>
        feature !== 'directories' && verdict === 'missing' ? FEATURES[feature][1] : [],
      ),
    ),
  ];
  return [
    answer,
    ...(others.length === 0 ? [] : [`Something is missing for: ${others.join('; ')}.`]),
    ...(fitness === 'unfit' && leftovers.left.length > 0
      ? ['Something is left of calls that were killed, see the end.']
      : []),
  ];
}

/** What is the same of several is said once. */
function groupProblems(rows: readonly Row[]): [Row, ...Row[]][] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    if (row.verdict === 'fine') continue;
    const { title: _, ...rest } = row;
    const key = JSON.stringify(rest);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

function describeProblem(group: readonly [Row, ...Row[]]): string[] {
  const [{ feature, verdict, found, wanted, command, advice }] = group;
  const titles = group.map(({ title }) => printable(title)).join('; ');
  return [
    `${titles}, for ${FEATURES[feature][1]}: ${VERDICTS[verdict]}.`,
    `  Found:      ${found}.`,
    `  Wanted:     ${wanted}.`,
    ...(advice === null ? [] : [`  What to do: ${advice}.`]),
    ...(command === null ? [] : [`  What to do: ${command}`]),
  ];
}

function describeLeft({ leftovers: { left, atWork, untold } }: Diagnosis, caller: Caller): string[] {
  const busy =
    atWork === null
      ? []
      : [
          `Another call${atWork.process === null ? '' : ` (process ${atWork.process})`} is at work on the same root, so what is there belongs to it.`,
        ];
  const hidden = untold.map(
    (path) =>
      `Whether killed calls have left something in ${quoted(path)} could not be told: run this as root.`,
  );
  if (left.length === 0)
    return busy.length + hidden.length === 0 ? ['Nothing is left of killed calls.'] : [...busy, ...hidden];
  return [
    'Left behind, by calls that were killed or when the machine went down:',
    ...left.map((leftover) => `  ${describeLeftover(leftover)}.`),
    `  What to do: ${callAgain(caller, ['doctor', '--fix'])}`,
    ...busy,
    ...hidden,
  ];
}
