import type { Finding, Severity } from '../../check/finding.js';
import { printable, quoted } from '../printable.js';
import { type Checked, type CheckReport, caveatOf, isHost, type Outcome } from './checked.js';
import { describeFollowUps } from './follow-ups.js';
import { describeCaveat, describeNoHost, describeUnchecked, more, pageOf, tell } from './sentences.js';

/** Paths of one kind of finding that are shown; JSON has more. */
const MOST_SHOWN = 10;

/** What is wrong with each image, why that matters, and what to do. */
export function checkText({ images }: CheckReport): string {
  return images
    .map((checked) =>
      describe(checked)
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('\n');
}

function describe(checked: Checked): string[] {
  const { image, outcome } = checked;
  if (outcome.kind !== 'checked') return [describeUnchecked(checked)];
  const { findings, against, followUps, forbidden } = outcome;
  const host = isHost(against)
    ? `It was checked against ${quoted(against.path)} (${printable(against.fields)}).`
    : describeNoHost(against);
  const caveat = caveatOf(outcome);
  return [
    `${printable(image.name)}: ${count(findings)}.`,
    `  It is the ${image.kind === 'raw' ? 'image file' : image.kind} ${quoted(image.path)}. ${host}`,
    ...(caveat === null ? [] : [`  ${describeCaveat(caveat)}`]),
    ...group(findings.findings).flatMap((members) => ['', ...describeGroup(members, findings)]),
    ...(forbidden.length > 0 ? ['', `  ${describeUnchecked(checked)}`] : []),
    ...describeFollowUps(followUps),
  ];
}

type Found = (Outcome & { kind: 'checked' })['findings'];

/** `2 errors, 1 warning` */
function count({ findings, more: omitted }: Found): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity: Severity) => {
    const listed = findings.filter((finding) => finding.severity === severity).length;
    const rest = omitted.filter((kind) => kind.severity === severity);
    const all = rest.reduce((sum, kind) => sum + kind.count, listed);
    return all === 0 ? [] : [`${all} ${severity}${all === 1 ? '' : 's'}`];
  });
  return counts.length === 0 ? 'nothing to complain of' : counts.join(', ');
}

/** Findings of the same code and severity together, in the order of the first of each; the worst first. */
function group(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.severity}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  const order: readonly Severity[] = ['error', 'warning', 'note'];
  const rank = (members: readonly Finding[]) => order.indexOf(members[0]!.severity);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

function omittedOf(omitted: Found['more'], { code, severity }: Finding): number {
  return omitted.find((kind) => kind.code === code && kind.severity === severity)?.count ?? 0;
}

function describeGroup(members: readonly Finding[], { more: omitted }: Found): string[] {
  const { code, severity } = members[0]!;
  const told = members.slice(0, MOST_SHOWN).map((finding) => ({ path: finding.path, ...tell(finding) }));
  const { title, explanation } = told[0]!;
  const rest = members.length - told.length + omittedOf(omitted, members[0]!);
  const isSame = told.every(({ remedy }) => remedy === told[0]!.remedy);
  return [
    `  ${severity} ${code}: ${title}.`,
    ...told.flatMap(({ path, message, remedy }, index) => [
      `    ${path === null ? '' : `${printable(path)}: `}${message}.`,
      // Said once of all in a row that it is the same for.
      ...(isSame || told[index + 1]?.remedy === remedy ? [] : [`      What to do: ${remedy}.`]),
    ]),
    ...(rest > 0 ? [`    ...${more(rest)}.`] : []),
    `    Why it matters: ${explanation}`,
    ...(isSame ? [`    What to do: ${told[0]!.remedy}.`] : []),
    `    More: ${pageOf(code)}`,
  ];
}
