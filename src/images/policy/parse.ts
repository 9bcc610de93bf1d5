import { type Designator, isDesignator } from './designator.js';
import { type Flag, type Flags, flagsOf, sortFlags } from './flag.js';
import { type Piece, splitPieces, trimPiece } from './piece.js';
import { IGNORE, type ImagePolicy, SIGNS } from './policy.js';

/** What is wrong with a policy, and where. */
export interface PolicyProblem {
  readonly kind: /** A rule without `=`. */
    | 'no-equals'
    /** Nothing can be said about a partition of that name. */
    | 'unknown-designator'
    /** A second rule for the same partition. */
    | 'duplicate'
    | 'unknown-flag';
  /** The rule, designator or flag. It may be empty; escape it before printing. */
  readonly text: string;
  /** Of its first character in the policy, counted from 1. */
  readonly position: number;
}

/** A text is no image policy. */
export class ImagePolicyError extends Error {
  constructor(
    readonly policy: string,
    readonly problem: PolicyProblem,
  ) {
    super(`image policy ${policy}: ${problem.kind} at ${problem.position}: ${problem.text}`);
  }
}

/**
 * Reads a policy as it is given on the command line: every word must be known.
 *
 * @throws ImagePolicyError
 */
export function parseImagePolicy(text: string): ImagePolicy {
  return parse(text, (problem) => {
    throw new ImagePolicyError(text, problem);
  });
}

/**
 * Reads a policy as it stands in a configuration file, which may have been written for a later version: unknown
 * partitions and flags are left out. A rule all of whose flags are unknown is one without flags, as in the original.
 *
 * @returns the policy, and what was left out
 * @throws ImagePolicyError for what cannot be read in any version: a rule without `=`, two rules for one partition
 */
export function parseImagePolicyGracefully(text: string): {
  readonly policy: ImagePolicy;
  readonly leftOut: readonly PolicyProblem[];
} {
  const leftOut: PolicyProblem[] = [];
  const policy = parse(text, (problem) => {
    if (problem.kind === 'no-equals' || problem.kind === 'duplicate')
      throw new ImagePolicyError(text, problem);
    leftOut.push(problem);
  });
  return { policy, leftOut };
}

type Report = (problem: PolicyProblem) => void;

function parse(text: string, report: Report): ImagePolicy {
  if (text === '') return IGNORE;
  if (Object.hasOwn(SIGNS, text)) return SIGNS[text as keyof typeof SIGNS];
  const rules: Partial<Record<Designator, Flags>> = {};
  let otherwise: Flags | null = null;
  for (const rule of splitPieces({ text, position: 1 }, ':')) {
    const equals = rule.text.indexOf('=');
    if (equals < 0) {
      report({ kind: 'no-equals', ...trimPiece(rule) });
      continue;
    }
    const name = trimPiece({ text: rule.text.slice(0, equals), position: rule.position });
    const rest = { text: rule.text.slice(equals + 1), position: rule.position + equals + 1 };
    const designator = name.text;
    if (designator !== '' && !isDesignator(designator)) {
      report({ kind: 'unknown-designator', ...name });
    } else if (designator === '' ? otherwise !== null : Object.hasOwn(rules, designator)) {
      report({ kind: 'duplicate', ...name });
    } else {
      const flags = parseFlags(rest, report);
      if (designator === '') otherwise = flags;
      else rules[designator] = flags;
    }
  }
  return { rules, otherwise };
}

/** `-` and nothing: no flag at all, which is widened to all of them. */
function parseFlags(piece: Piece, report: Report): Flags {
  const whole = trimPiece(piece).text;
  if (whole === '' || whole === '-') return [];
  const flags: Flag[] = [];
  for (const word of splitPieces(piece, '+').map(trimPiece)) {
    const known = flagsOf(word.text);
    if (known === null) report({ kind: 'unknown-flag', ...word });
    else flags.push(...known);
  }
  return sortFlags(flags);
}
