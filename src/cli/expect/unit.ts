import type { Assertion } from '../../expect/assertion.js';
import { CommandFailedError, CommandMissingError } from '../../host/process.js';
import { detectManager } from '../../services/manager.js';
import { isUnitName } from '../../services/unit-name.js';
import { readUnitState } from '../../services/unit-state.js';
import { type Evaluation, verdictOf } from './evaluation.js';
import type { LiveState } from './live-state.js';

/** Whether the service manager says that a unit is active; what it says counts, not what processes there are. */
export function findUnit(
  { unit, wanted }: Extract<Assertion, { kind: 'unit' }>,
  { context: { root } }: LiveState,
): Evaluation {
  // As for systemctl(1), a word without a type is a service.
  const name = /\.[a-z]+$/.test(unit) && isUnitName(unit) ? unit : `${unit}.service`;
  if (!isUnitName(name)) return { verdict: 'untold', found: { kind: 'no-unit-name', unit } };
  const manager = root === '/' ? detectManager() : null;
  if (manager === null) return { verdict: 'untold', found: { kind: 'no-manager', unit: name } };
  try {
    const { isActive, state } = readUnitState(name, manager);
    return {
      verdict: verdictOf(isActive === (wanted === 'active')),
      found: { kind: 'unit', unit: name, state },
    };
  } catch (cause) {
    if (!(cause instanceof CommandFailedError || cause instanceof CommandMissingError)) throw cause;
    return { verdict: 'untold', found: { kind: 'unit-untold', unit: name, cause } };
  }
}
