import type { ExtensionClass } from '../../extension-class.js';
import type { Image } from '../../images/image.js';
import type { Judgement } from '../../release/matching.js';
import type { Json } from '../json.js';
import { describeRejection } from '../passed-over.js';
import { describeReleaseProblems } from '../release-problems.js';
import { answerOf } from './advice.js';
import { type Candidate, type ExplainedHost, type Explanation, fateOf } from './candidate.js';
import { nameOf } from './fates.js';
import { ruleOf } from './rule.js';
import {
  describeCheckRule,
  RELEASE_FILE_RULES,
  sourceOfRule,
  VERSION_RULE_WORDS,
  VERSION_RULES,
} from './rules.js';
import { notesOf } from './text.js';

/** The explanation as JSON, by docs/schema/explain-1.json. */
export function explanationJson(explanation: Explanation, extensionClass: ExtensionClass): Json {
  const { hosts, searched, candidates } = explanation;
  return {
    schema: 'explain-1',
    class: extensionClass.name,
    searched,
    hosts: hosts.map((host) => hostJson(host, extensionClass)),
    candidates: candidates.map((candidate) => ({
      name: nameOf(candidate),
      ...originJson(candidate),
      notes: notesOf(candidate),
      verdicts: hosts.map((_, host) => verdictJson(candidate, host, extensionClass)),
    })),
  };
}

export function hostJson({ label, release }: ExplainedHost, { levelField }: ExtensionClass) {
  const { fields, architecture, scope } = release;
  return {
    path: label,
    id: fields.get('ID') ?? null,
    idLike: fields.get('ID_LIKE') ?? null,
    versionId: fields.get('VERSION_ID') ?? null,
    level: fields.get(levelField) ?? null,
    architecture,
    scope,
    notes: describeReleaseProblems(release.path, release.problems),
  };
}

function originJson(candidate: Candidate) {
  if (candidate.kind === 'passed-over') {
    const { passedOver } = candidate;
    return {
      kind: passedOver.kind,
      installed: true,
      entry: passedOver.entry,
      path: null,
      type: null,
      hiddenBy: passedOver.kind === 'hidden' ? passedOver.by : null,
      versions: passedOver.kind === 'no-version' ? versionsJson(passedOver.versions) : null,
      releaseFile: null,
    };
  }
  const { kind, path, entry, versions } = candidate.image;
  const findings = candidate.kind === 'image' ? candidate.findings : null;
  return {
    kind: candidate.kind,
    installed: candidate.kind !== 'image' || candidate.isInstalled,
    entry,
    path,
    type: kind,
    hiddenBy: null,
    versions: versions && versionsJson(versions),
    releaseFile: findings?.kind === 'judged' ? releaseJson(findings.judgements[0]!) : null,
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

function releaseJson({ release }: Judgement): Json {
  if (release.kind !== 'found') return null;
  const { path, via, fields } = release;
  return { path, via, source: RELEASE_FILE_RULES, fields: Object.fromEntries(fields) };
}

function verdictJson(candidate: Candidate, host: number, extensionClass: ExtensionClass): Json {
  const judgement = judgementOf(candidate, host);
  const answer = answerOf(candidate, host, extensionClass.releaseDirectory);
  return {
    fate: fateOf(candidate, host),
    rule: ruleOf(candidate, host),
    overridden: judgement?.verdict.kind === 'accepted' ? (judgement.verdict.overridden?.kind ?? null) : null,
    problem: answer?.problem ?? null,
    remedy: answer?.remedy ?? null,
    checks: checksJson(candidate, host),
  };
}

/** The comparisons of an extension with a host. */
export function checksJson(candidate: Candidate, host: number): Json {
  return (judgementOf(candidate, host)?.checks ?? []).map((check) => ({
    ...check,
    text: describeCheckRule(check),
    source: sourceOfRule(check),
  }));
}

function judgementOf(candidate: Candidate, host: number): Judgement | undefined {
  return candidate.kind === 'image' && candidate.findings.kind === 'judged'
    ? candidate.findings.judgements[host]
    : undefined;
}
