import type { Stated } from '../../expect/assertion.js';
import type { ExtensionClass } from '../../extension-class.js';
import type { OpenStack } from '../../layers/lookup.js';
import type { Candidate, ExplainedHost } from '../explanation/candidate.js';
import type { Found as FoundLayers } from '../layers/which.js';

/** `untold`: it could not be found out. */
export type Verdict = 'holds' | 'fails' | 'untold';

/** What was found in place of what was asserted, or for it. */
export type Found =
  /** In these hierarchies. */
  | { readonly kind: 'merged'; readonly extension: string; readonly hierarchies: readonly string[] }
  | { readonly kind: 'not-merged'; readonly extension: string; readonly why: WhyNot }
  /** A file of a hierarchy, or outside of all. */
  | { readonly kind: 'layers'; readonly found: FoundLayers; readonly stacks: readonly OpenStack[] }
  | { readonly kind: 'exists'; readonly path: string; readonly type: string }
  | { readonly kind: 'absent'; readonly path: string }
  | { readonly kind: 'forbidden'; readonly path: string; readonly code: string }
  | { readonly kind: 'writable'; readonly path: string; readonly value: boolean }
  | { readonly kind: 'unit'; readonly unit: string; readonly state: string }
  | { readonly kind: 'no-manager'; readonly unit: string }
  | { readonly kind: 'unit-untold'; readonly unit: string; readonly cause: unknown }
  | { readonly kind: 'no-unit-name'; readonly unit: string }
  | FoundCommand;

/** What became of a command. */
export type FoundCommand =
  | { readonly kind: 'no-program'; readonly program: string; readonly searched: readonly string[] }
  | { readonly kind: 'not-executable'; readonly path: string }
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'ended'; readonly path: string; readonly status: number; readonly said: string }
  | { readonly kind: 'killed'; readonly path: string; readonly signal: string; readonly said: string }
  | { readonly kind: 'timed-out'; readonly path: string; readonly seconds: number }
  /** The kernel would not start it: mostly its loader or its interpreter is missing. */
  | { readonly kind: 'not-started'; readonly path: string; readonly cause: unknown }
  /** Commands run on this machine, and not below another root. */
  | { readonly kind: 'other-root'; readonly root: string };

/** Why an extension is not merged. */
export type WhyNot =
  /** It should not be. */
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'not-installed' }
  /** A merge would merge it now. */
  | { readonly kind: 'fits' }
  | { readonly kind: 'candidate'; readonly candidate: Candidate; readonly hosts: readonly ExplainedHost[] };

export interface Result {
  readonly stated: Stated;
  readonly verdict: Verdict;
  readonly found: Found;
}

/** Everything that `expect` has to tell. */
export interface Expectation {
  readonly extensionClass: ExtensionClass;
  /** What it was called by, for what to type next. */
  readonly program: string;
  readonly root: string;
  readonly results: readonly Result[];
}

/** 0: all hold; 1: one does not; 2: none fails, but of one it cannot be told. */
export function expectStatus(results: readonly Pick<Result, 'verdict'>[]): 0 | 1 | 2 {
  const verdicts = results.map(({ verdict }) => verdict);
  if (verdicts.includes('fails')) return 1;
  return verdicts.includes('untold') ? 2 : 0;
}
