import type { Assertion, Stated } from '../../expect/assertion.js';
import type { Result } from '../../report/expect/result.js';
import { findCommand } from './command.js';
import type { Evaluation } from './evaluation.js';
import { findFile, findOwner } from './file.js';
import type { LiveState } from './live-state.js';
import { findIgnored, findMerged } from './merged.js';
import { findUnit } from './unit.js';
import { findWritable } from './writable.js';

/** Looks at the machine for each assertion, in their order. @throws what liveView() and findCandidates() throw */
export function evaluate(stated: readonly Stated[], state: LiveState): Result[] {
  return stated.map((one) => ({ stated: one, ...evaluateOne(one.assertion, state) }));
}

function evaluateOne(assertion: Assertion, state: LiveState): Evaluation {
  switch (assertion.kind) {
    case 'merged':
      return findMerged(assertion.extension, true, state);
    case 'not-merged':
      return findMerged(assertion.extension, false, state);
    case 'ignored':
      return findIgnored(assertion, state);
    case 'file':
      return assertion.from === null
        ? findFile(assertion.path, true, state)
        : findOwner(assertion.path, assertion.from, state);
    case 'no-file':
      return findFile(assertion.path, false, state);
    case 'command':
      return findCommand(assertion, state);
    case 'writable':
      return findWritable(assertion, state);
    case 'unit':
      return findUnit(assertion, state);
  }
}
