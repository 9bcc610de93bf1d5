import type { Image, PassedOver } from '../../images/image.js';
import { switchedOffBy } from '../../images/switched-off.js';
import { describeLeftOut, formatChoice } from '../choice.js';
import type { Advice } from '../content.js';
import { describeError } from '../errors.js';
import { describeImageProblem } from '../image-problems.js';
import { explainPassedOver } from '../passed-over.js';
import { printable, quoted } from '../printable.js';
import { explainMismatch, subjectOf } from '../verdicts.js';
import type { Candidate, Findings } from './candidate.js';

/** What is wrong and what to do; the latter may be nothing. */
export interface Answer {
  readonly problem: string;
  readonly remedy: string | null;
}

const UNMASK = (entry: string) =>
  `nothing, if it shall be off; to switch it on again, remove ${quoted(entry)} and refresh`;

/** Why a candidate is not merged on a host; `null` if it is. The sentences are those of `merge`. */
export function answerOf(candidate: Candidate, host: number, releaseDirectory: string): Answer | null {
  if (candidate.kind === 'passed-over') return answerPassedOver(candidate.passedOver);
  if (candidate.kind === 'not-chosen') return answerNotChosen(candidate);
  const { image, findings } = candidate;
  if (findings.kind === 'unusable') return describeImageProblem(findings.problem);
  if (findings.kind === 'untold') return explainUntold(findings);
  const verdict = findings.judgements[host]!.verdict;
  const mismatch = verdict.kind === 'accepted' ? verdict.overridden : verdict;
  if (mismatch === undefined) return null;
  if (findings.isMask && verdict.kind !== 'accepted') return answerSwitchedOff(image);
  const { release } = findings.judgements[host]!;
  return explainMismatch(subjectOf({ ...image, releaseDirectory }, release), mismatch);
}

function answerSwitchedOff({ name, path, entry }: Image): Answer {
  const how = switchedOffBy(path);
  if (how === 'by-hand') return { problem: `${quoted(path)} is an empty directory`, remedy: UNMASK(entry) };
  const verb = how === 'disabled' ? 'enable' : 'unmask';
  return {
    problem: `it was ${how}, ${quoted(entry)} is a symlink to an empty directory`,
    remedy: `nothing, if it shall be off; to switch it on again, use '${verb} ${printable(name)}' and refresh`,
  };
}

function answerNotChosen({ image, why, isRecorded, choice }: Candidate & { kind: 'not-chosen' }): Answer {
  const when = isRecorded ? ', as was said when what is merged was merged' : '';
  return {
    problem: `${describeLeftOut(why)}${when} (${formatChoice(choice)})`,
    remedy: isRecorded
      ? `refresh with --all, or choose ${quoted(image.name)} as well`
      : `choose ${quoted(image.name)} as well`,
  };
}

function answerPassedOver(passedOver: PassedOver): Answer {
  const { problem, remedy } = explainPassedOver(passedOver);
  return { problem, remedy: passedOver.kind === 'masked' ? UNMASK(passedOver.entry) : remedy };
}

/** Why nobody, or not this user, can look into an image. */
export function explainUntold(findings: Findings & { readonly kind: 'untold' }): Advice {
  switch (findings.reason) {
    case 'not-privileged':
      return {
        problem: 'to look into an image it has to be mounted, which needs privileges',
        remedy: 'run this as root',
      };
    case 'permission':
      return { problem: 'you may not look into it', remedy: 'run this as root' };
    case 'not-mounted':
      return {
        problem: (describeError(findings.cause) ?? [String(findings.cause)]).join(' ').replace(/\.$/, ''),
        remedy: 'ask where disk images can be mounted: as root, and with loop devices',
      };
  }
}
