import type { CommandFailedError } from '../host/process.js';
import type { StepOutcome } from '../services/apply.js';
import type { LeftOut, ServiceAction } from '../services/plan-services.js';
import type { WishProblem } from '../services/wishes.js';
import type { Level } from './log.js';
import { printable, quoted, quotedList } from './printable.js';

/** A line for the log. */
export interface Line {
  readonly level: Level & ('warning' | 'notice' | 'info' | 'debug' | 'err');
  readonly message: string;
}

/** A wish that was not understood, one line. */
export function describeWishProblem({ kind, extension, field, value }: WishProblem): Line {
  const where = `Extension ${quoted(extension)}: ${quoted(shorten(value))} in ${field}=`;
  const message =
    kind === 'unit-name'
      ? `${where} is not the name of a unit, skipped.`
      : `${where} is neither yes nor no, taken for no.`;
  return { level: 'warning', message };
}

/** Wishes that were not fulfilled, with what remains to be done by hand. */
export function describeLeftOut({ reason, units }: LeftOut): Line {
  switch (reason) {
    case 'no-manager':
      return units.length === 0
        ? line('info', 'No service manager to reload here: neither systemd nor OpenRC runs in this root.')
        : line(
            'notice',
            `No service manager here, neither systemd nor OpenRC runs in this root; restart by hand what you use of: ${quotedList(units)}.`,
          );
    case 'booting':
      return line(
        'notice',
        `Not restarted while the system boots: ${quotedList(units)}; add them to a runlevel with rc-update add, or restart them later.`,
      );
    case 'no-service':
      return line('notice', `Not known to OpenRC, which has services only: ${quotedList(units)}.`);
  }
}

const DONE: Readonly<Record<ServiceAction, string>> = {
  'reload-manager': 'Reloaded',
  restart: 'Restarted',
  'reload-or-restart': 'Reloaded or restarted',
  stop: 'Stopped',
};

const TO_DO: Readonly<Record<ServiceAction, string>> = {
  'reload-manager': 'reload',
  restart: 'restart',
  'reload-or-restart': 'reload or restart',
  stop: 'stop',
};

/** What became of one step, one line. */
export function describeOutcome(outcome: StepOutcome): Line {
  const { step } = outcome;
  const subject = step.unit === null ? 'the service manager' : quoted(step.unit);
  const byHand = `do it by hand: ${printable(step.command.join(' '))}`;
  switch (outcome.kind) {
    case 'done':
      return step.queued
        ? line('info', `Asked the service manager to ${TO_DO[outcome.action]} ${subject}.`)
        : line(step.unit === null ? 'debug' : 'info', `${DONE[outcome.action]} ${subject}.`);
    case 'absent':
      return line('debug', `There is no ${subject} to ${TO_DO[step.action]}.`);
    case 'failed':
      return line(
        step.unit === null ? 'err' : 'warning',
        `Failed to ${TO_DO[outcome.action]} ${subject}: ${reasonOf(outcome.error)}; ${byHand}`,
      );
    case 'program-missing':
      return line(
        'warning',
        `Could not ${TO_DO[step.action]} ${subject}: ${outcome.program} is not installed.`,
      );
    case 'skipped':
      return line('warning', `Did not ${TO_DO[step.action]} ${subject}; ${byHand}`);
  }
}

/**
 * OpenRC's own messages begin with a star; what its scripts say besides comes without. systemctl(1) begins with what was
 * to be done, which we say ourselves.
 */
function reasonOf({ result }: CommandFailedError): string {
  const lines = result.stderr.split('\n').filter((text) => text.trim() !== '');
  const said = lines.find((text) => text.startsWith(' * ')) ?? lines[0];
  if (said === undefined)
    return result.signal === null ? `exit status ${result.status}` : `killed by ${result.signal}`;
  return shorten(
    printable(
      said
        .replace(/^ \* |^Failed to [a-z-]+ [^ ]+: /, '')
        .trim()
        .replace(/\.$/, ''),
    ),
  );
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function line(level: Line['level'], message: string): Line {
  return { level, message };
}
