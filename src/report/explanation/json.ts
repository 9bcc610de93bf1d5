import type { ExtensionClass } from '../../extension-class.js';
import type { Image } from '../../images/image.js';
import type { Judgement } from '../../release/matching.js';
import { describeImageProblem } from '../image-problems.js';
import type { Json } from '../json.js';
import { describePassedOver, describeRejection } from '../passed-over.js';
import { explainMismatch } from '../verdicts.js';
import { type Candidate, type Explanation, fateOf } from './candidate.js';
import { describeCheckRule, FIELD_RULES, VERSION_RULE_WORDS, VERSION_RULES } from './rules.js';
import { nameOf } from './text.js';

/** The explanation as JSON, by docs/schema/explain-1.json. */
export function explanationJson(explanation: Explanation, extensionClass: ExtensionClass): Json {
  const { hosts, candidates } = explanation;
  return {
    schema: 'explain-1',
    class: extensionClass.name,
    hosts: hosts.map(({ label, release: { fields, architecture, scope } }) => ({
      path: label,
      id: fields.get('ID') ?? null,
      idLike: fields.get('ID_LIKE') ?? null,
      versionId: fields.get('VERSION_ID') ?? null,
      level: fields.get(extensionClass.levelField) ?? null,
      architecture,
      scope,
    })),
    candidates: candidates.map((candidate) => ({
      name: nameOf(candidate),
      ...originJson(candidate),
      problem: problemJson(candidate),
      verdicts: hosts.map((_, host) => verdictJson(candidate, host, extensionClass)),
    })),
  };
}

function originJson(candidate: Candidate) {
  if (candidate.kind === 'passed-over') {
    const { kind, entry } = candidate.passedOver;
    const by = candidate.passedOver.kind === 'hidden' ? candidate.passedOver.by : null;
    return { state: kind, entry, path: null, type: null, hiddenBy: by, versions: null };
  }
  const { kind, path, entry, versions } = candidate.image;
  return {
    state: 'image',
    entry,
    path,
    type: kind,
    hiddenBy: null,
    versions: versions && versionsJson(versions),
  };
}

function versionsJson({ winner, losers, rejected }: NonNullable<Image['versions']>): Json {
  return {
    source: VERSION_RULES,
    chosen: winner === null ? null : winner.file,
    version: winner === null ? null : winner.version,
    others: [
      ...losers.map(({ entry: { file }, rule }) => ({ file, rule, text: VERSION_RULE_WORDS[rule] })),
      ...rejected.map((one) => ({
        file: one.file,
        rule: `rejected-${one.reason}`,
        text: describeRejection(one),
      })),
    ],
  };
}

function problemJson(candidate: Candidate): Json {
  if (candidate.kind === 'passed-over') {
    const { kind } = candidate.passedOver;
    return { kind, problem: describePassedOver(candidate.passedOver).message, remedy: null };
  }
  const { findings } = candidate;
  if (findings.kind === 'unusable')
    return { kind: findings.problem.kind, ...describeImageProblem(findings.problem) };
  return findings.kind === 'untold'
    ? { kind: findings.reason, problem: findings.reason, remedy: null }
    : null;
}

function verdictJson(candidate: Candidate, host: number, extensionClass: ExtensionClass): Json {
  const fate = fateOf(candidate, host);
  if (candidate.kind === 'passed-over' || candidate.findings.kind !== 'judged')
    return { fate, rule: null, problem: null, remedy: null, releaseFile: null, checks: [] };
  const judgement = candidate.findings.judgements[host]!;
  return { fate, ...judgementJson(judgement, candidate.image, extensionClass) };
}

function judgementJson(
  { verdict, release, checks }: Judgement,
  image: Image,
  extensionClass: ExtensionClass,
) {
  const subject = { ...image, releaseDirectory: extensionClass.releaseDirectory };
  const why =
    verdict.kind === 'accepted' ? { problem: null, remedy: null } : explainMismatch(subject, verdict);
  return {
    rule: verdict.kind === 'accepted' ? verdict.rule : verdict.kind,
    ...why,
    releaseFile:
      release.kind === 'found'
        ? { path: release.path, via: release.via, fields: Object.fromEntries(release.fields) }
        : null,
    checks: checks.map((check) => ({ ...check, text: describeCheckRule(check), source: FIELD_RULES })),
  };
}
