import type { Finding } from '../../check/finding.js';

/** The words for one code. */
export interface Wording {
  /** What it is, in a few words and without names: heading of its page, and of lists. */
  readonly title: string;
  /** Why it matters, for somebody who meets it for the first time: whole sentences. */
  readonly explanation: string;
  /** This case, with its names, made safe for a terminal: a clause without full stop. It does not repeat the path. */
  readonly message: (detail: Finding['detail'], path: string) => string;
  /** What to do: a clause without full stop, in the imperative. */
  readonly remedy: (detail: Finding['detail'], path: string) => string;
}
