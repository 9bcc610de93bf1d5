import { CommandFailedError, CommandMissingError, type CommandResult, runCommand } from '../host/process.js';
import type { ServiceAction, ServiceStep } from './plan-services.js';

/** What became of a step. */
export type StepOutcome =
  /** `action`: what was done, which may be the alternative of the step. */
  | { kind: 'done'; step: ServiceStep; action: ServiceAction }
  /** There is no such unit. */
  | { kind: 'absent'; step: ServiceStep }
  | { kind: 'failed'; step: ServiceStep; action: ServiceAction; error: CommandFailedError }
  | { kind: 'program-missing'; step: ServiceStep; program: string }
  /** Not tried: the manager could not read its files again, so it would act on old ones. */
  | { kind: 'skipped'; step: ServiceStep };

/**
 * Carries out the steps in order. Never throws for what a program does: extensions are merged, and stay merged, whatever
 * becomes of services.
 *
 * Not while holding the lock of the root: a service may call this program when it starts.
 */
export function applySteps(steps: readonly ServiceStep[]): StepOutcome[] {
  let broken = false;
  return steps.map((step) => {
    if (broken) return { kind: 'skipped', step };
    const outcome = applyStep(step);
    broken = step.action === 'reload-manager' && outcome.kind !== 'done';
    return outcome;
  });
}

/** 1 if the manager refused to reload, as systemd-sysext(8) has it; units that fail have no effect on it. */
export function exitStatusOf(outcomes: readonly StepOutcome[]): 0 | 1 {
  return outcomes.some(({ kind, step }) => kind === 'failed' && step.action === 'reload-manager') ? 1 : 0;
}

function applyStep(step: ServiceStep): StepOutcome {
  const { exists, command, action, otherwise } = step;
  try {
    if (exists !== null && runCommand(exists).status !== 0) return { kind: 'absent', step };
    const result = runCommand(command);
    if (otherwise === null || !isOneOf(result, otherwise.statuses)) return conclude(step, action, result);
    const second = runCommand(otherwise.command);
    if (otherwise.absent !== null && second.status === otherwise.absent) return { kind: 'absent', step };
    if (otherwise.afterwards !== null && second.status === 0) runCommand(otherwise.afterwards);
    return conclude(step, otherwise.action, second);
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    return { kind: 'program-missing', step, program: error.command };
  }
}

function conclude(step: ServiceStep, action: ServiceAction, result: CommandResult): StepOutcome {
  if (result.status === 0) return { kind: 'done', step, action };
  return { kind: 'failed', step, action, error: new CommandFailedError(result) };
}

function isOneOf({ status }: CommandResult, statuses: readonly number[] | 'any'): boolean {
  if (status === null) return false;
  return statuses === 'any' ? status !== 0 : statuses.includes(status);
}
