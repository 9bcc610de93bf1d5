import { join } from 'node:path';
import type { ExtensionClass } from '../../extension-class.js';
import type { Image } from '../../images/image.js';
import type { Check } from '../../release/check.js';
import type { ReleaseFile } from '../../release/release-file.js';
import { describeCheck } from '../checks.js';
import { describeRejection } from '../passed-over.js';
import { printable, quoted } from '../printable.js';
import { describeReleaseProblems } from '../release-problems.js';
import { formatTable } from '../table.js';
import { answerOf } from './advice.js';
import { blockersOf, type Candidate, type Explanation, type Fate, fateOf } from './candidate.js';
import { describeFate, nameOf } from './fates.js';
import {
  describeCheckRule,
  PLACE_RULES,
  RELEASE_FILE_RULES,
  sourceOfRule,
  VERSION_RULE_WORDS,
  VERSION_RULES,
  VIA_WORDS,
} from './rules.js';

/** The life of one candidate: lines, each with a newline. */
export async function describeCandidate(
  explanation: Explanation,
  candidate: Candidate,
  extensionClass: ExtensionClass,
): Promise<string> {
  const name = printable(nameOf(candidate));
  const origin = describeOrigin(candidate).map(indent);
  // What is true of all hosts is said once.
  const isSame = candidate.kind !== 'image' || candidate.findings.kind !== 'judged';
  const hosts = isSame || explanation.hosts.length === 1 ? [0] : explanation.hosts.keys();
  const texts = [];
  for (const host of hosts) texts.push(await describeOn(explanation, candidate, host, extensionClass));
  const [first] = texts;
  if (texts.length === 1 && first !== undefined)
    return lines([`${name} ${first.fate}.`, ...origin, ...first.why.map(indent)]);
  const each = texts.flatMap(({ fate, why }, host) => [
    indent(`For ${printable(explanation.hosts[host]!.label)}: it ${fate}.`),
    ...why.map(indent).map(indent),
  ]);
  return lines([`${name}:`, ...origin, ...each]);
}

async function describeOn(
  explanation: Explanation,
  candidate: Candidate,
  host: number,
  extensionClass: ExtensionClass,
): Promise<{ fate: string; why: string[] }> {
  const judgement =
    candidate.kind === 'image' && candidate.findings.kind === 'judged'
      ? candidate.findings.judgements[host]
      : undefined;
  const fate = fateOf(candidate, host);
  const answer = answerOf(candidate, host, extensionClass.releaseDirectory);
  const blockers = blockersOf(explanation);
  const why =
    answer === null
      ? []
      : [
          `${reasonWord(fate)}: ${answer.problem}${fate === 'hidden' || fate === 'masked' ? ` (${PLACE_RULES})` : ''}.`,
          ...(answer.remedy === null ? [] : [`What to do: ${answer.remedy}.`]),
        ];
  return {
    fate: describeFate(candidate, fate, judgement?.verdict ?? null, blockers, extensionClass),
    why: [...(await describeChecks(judgement?.checks ?? [])), ...why],
  };
}

function reasonWord(fate: Fate): string {
  if (fate === 'merged') return 'Without --force it would be ignored';
  return fate === 'untold' ? 'Why' : 'Why not';
}

function describeOrigin(candidate: Candidate): string[] {
  if (candidate.kind === 'passed-over') {
    const { passedOver } = candidate;
    return 'name' in passedOver ? [`It is ${quoted(passedOver.entry)}.`] : [];
  }
  const { image } = candidate;
  const { kind, path, entry } = image;
  const from = entry === path ? '' : `, found as ${quoted(entry)}`;
  const found = `It is the ${kind === 'raw' ? 'image file' : kind === 'block' ? 'block device' : kind} ${quoted(path)}${from}.`;
  const findings = candidate.kind === 'image' ? candidate.findings : null;
  const release = findings?.kind === 'judged' ? findings.judgements[0]?.release : undefined;
  return [
    found,
    ...(image.versions === null ? [] : describeVersions(image.versions)),
    ...notesOf(candidate),
    ...(release === undefined ? [] : describeRelease(release)),
  ];
}

function describeVersions({ winner, losers, rejected }: NonNullable<Image['versions']>): string[] {
  return [
    ...(winner === null ? [] : [`Of the versions there ${quoted(winner.file)} is taken (${VERSION_RULES}).`]),
    ...losers.map(({ entry: { file }, rule }) => `  Not ${quoted(file)}: ${VERSION_RULE_WORDS[rule]}.`),
    ...rejected.map((one) => `  Not ${quoted(one.file)}: it ${describeRejection(one)}.`),
  ];
}

/** What a merge would say of a candidate beside: how it was checked, and lines that make no sense. */
export function notesOf(candidate: Candidate): string[] {
  if (candidate.kind !== 'image' || candidate.findings.kind !== 'judged') return [];
  const { image, findings } = candidate;
  const release = findings.judgements[0]?.release;
  const problems = release !== undefined && 'problems' in release ? release.problems : [];
  const path = release !== undefined && 'path' in release ? join(image.path, release.path) : '';
  return [
    ...findings.protection.flatMap((check) => describeCheck(image.name, check)).map(({ message }) => message),
    ...describeReleaseProblems(path, problems).map((problem) => `${problem}.`),
  ];
}

function describeRelease(release: ReleaseFile): string[] {
  if (release.kind !== 'found') return [];
  return [
    `Its release file is ${quoted(release.path)}, because ${VIA_WORDS[release.via]} (${RELEASE_FILE_RULES}).`,
  ];
}

async function describeChecks(checks: readonly Check[]): Promise<string[]> {
  if (checks.length === 0) return [];
  const rows = checks.map((check) => [
    check.field,
    check.extension ?? '-',
    check.host ?? '-',
    check.rule === 'one-sided' ? '-' : check.passed ? 'yes' : 'no',
    `${describeCheckRule(check)} (${sourceOfRule(check)})`,
  ]);
  const table = await formatTable(['FIELD', 'EXTENSION SAYS', 'HOST SAYS', 'FITS', 'RULE'], rows);
  return table.trimEnd().split('\n');
}

function indent(line: string): string {
  return `  ${line}`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
