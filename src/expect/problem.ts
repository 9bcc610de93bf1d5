import type { Assertion, AssertionKind } from './assertion.js';

/** What is wrong with the text of an assertion. `about` tells the form that it would have to have. */
export type SyntaxProblem =
  | { readonly kind: 'quote' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'nul' }
  | { readonly kind: 'unknown-word'; readonly word: string }
  | { readonly kind: 'missing'; readonly about: AssertionKind; readonly what: string }
  | {
      readonly kind: 'unexpected';
      readonly about: AssertionKind;
      readonly word: string;
      readonly wanted: string;
    }
  | { readonly kind: 'relative-path'; readonly path: string }
  | { readonly kind: 'unknown-reason'; readonly word: string };

export type Parsed = Assertion | { readonly problem: SyntaxProblem };

export function unexpected(about: AssertionKind, word: string, wanted: string): Parsed {
  return { problem: { kind: 'unexpected', about, word, wanted } };
}

export function missing(about: AssertionKind, what: string): Parsed {
  return { problem: { kind: 'missing', about, what } };
}
