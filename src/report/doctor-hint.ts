import { CommandMissingError } from '../host/process.js';
import { OverlayFailedError } from '../mount/diagnose.js';
import { type Caller, callAgain } from './explain-hint.js';

/**
 * What tells more about an error that is the machine's fault, as a sentence.
 *
 * @param isUnfit it is known to be the machine's fault
 * @returns `null` for other errors
 */
export function doctorHint(error: unknown, caller: Caller, isUnfit: boolean): string | null {
  const isTheMachines =
    isUnfit ||
    error instanceof CommandMissingError ||
    (error instanceof OverlayFailedError && error.problem.kind !== 'layer-vanished');
  return isTheMachines ? `'${callAgain(caller, ['doctor'])}' says what else this machine lacks.` : null;
}
