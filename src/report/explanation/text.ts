import type { ExtensionClass } from '../../extension-class.js';
import type { Image } from '../../images/image.js';
import type { Check } from '../../release/check.js';
import type { Judgement } from '../../release/matching.js';
import { describeImageProblem } from '../image-problems.js';
import { describePassedOver, describeRejection } from '../passed-over.js';
import { printable, quoted } from '../printable.js';
import { formatTable } from '../table.js';
import { explainMismatch } from '../verdicts.js';
import { type Candidate, type Fate, type Findings, fateOf } from './candidate.js';
import { describeCheckRule, FIELD_RULES, VERSION_RULE_WORDS, VERSION_RULES, VIA_WORDS } from './rules.js';

const FATES: Readonly<Record<Fate, string>> = {
  merged: 'would be merged',
  ignored: 'is ignored, because it does not fit',
  unusable: 'cannot be used, and keeps all others from being merged',
  masked: 'is switched off by an empty directory of its name',
  untold: 'may or may not be merged: that cannot be told',
  'passed-over': 'is passed over',
};

export function nameOf(candidate: Candidate): string {
  if (candidate.kind === 'image') return candidate.image.name;
  const { passedOver } = candidate;
  return 'name' in passedOver ? passedOver.name : passedOver.entry;
}

/** The life of one candidate on one host: lines, each with a newline. */
export async function describeCandidate(
  candidate: Candidate,
  host: number,
  extensionClass: ExtensionClass,
): Promise<string> {
  const head = `${printable(nameOf(candidate))} ${FATES[fateOf(candidate, host)]}.`;
  if (candidate.kind === 'passed-over')
    return lines([head, indent(describePassedOver(candidate.passedOver).message)]);
  const { image, findings } = candidate;
  return lines([
    head,
    ...describeOrigin(image).map(indent),
    ...(await describeFindings(image, findings, host, extensionClass)).map(indent),
  ]);
}

function describeOrigin({ kind, path, entry, versions }: Image): string[] {
  const from = entry === path ? '' : `, found as ${quoted(entry)}`;
  const found = `It is the ${kind === 'raw' ? 'image file' : kind} ${quoted(path)}${from}.`;
  if (versions === null || versions.winner === null) return [found];
  return [
    found,
    `Of the versions there, ${quoted(versions.winner.file)} was chosen (${VERSION_RULES}).`,
    ...versions.losers.map(
      ({ entry: { file }, rule }) => `  Not ${quoted(file)}: ${VERSION_RULE_WORDS[rule]}.`,
    ),
    ...versions.rejected.map((one) => `  Not ${quoted(one.file)}: it ${describeRejection(one)}.`),
  ];
}

async function describeFindings(
  image: Image,
  findings: Findings,
  host: number,
  extensionClass: ExtensionClass,
): Promise<string[]> {
  switch (findings.kind) {
    case 'unusable': {
      const { problem, remedy } = describeImageProblem(findings.problem);
      return [`Why not: ${problem}.`, `To mend it: ${remedy}.`];
    }
    case 'untold':
      return [
        findings.reason === 'not-privileged'
          ? 'To look into an image it has to be mounted, which needs privileges: run this as root.'
          : 'You may not look into it: run this as root.',
      ];
    case 'judged': {
      const judgement = findings.judgements[host]!;
      const subject = { ...image, releaseDirectory: extensionClass.releaseDirectory };
      const { verdict } = judgement;
      const end =
        verdict.kind === 'accepted' || findings.isMask
          ? []
          : [explainMismatch(subject, verdict)].flatMap(({ problem, remedy }) => [
              `Why not: ${problem}.`,
              `To make it fit: ${remedy}.`,
            ]);
      return [...describeRelease(judgement), ...(await describeChecks(judgement.checks)), ...end];
    }
  }
}

function describeRelease({ release }: Judgement): string[] {
  if (release.kind !== 'found') return [];
  return [`Its release file is ${quoted(release.path)}: ${VIA_WORDS[release.via]} (${FIELD_RULES}).`];
}

async function describeChecks(checks: readonly Check[]): Promise<string[]> {
  if (checks.length === 0) return [];
  const rows = checks.map((check) => [
    check.field,
    check.extension ?? '-',
    check.host ?? '-',
    check.passed ? 'yes' : 'no',
    describeCheckRule(check),
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
