import type { UpdateResult } from '../../report/update/result.js';
import { describeUnfit, updateLines } from '../../report/update/text.js';
import type { Context } from '../context.js';

/** Says which newer versions of a component are left out, and why. */
export function tellUnfit({ log, commandLine }: Context, { unfit }: UpdateResult): void {
  for (const one of unfit) log.notice(describeUnfit(one, commandLine.extensionClass.releaseDirectory));
}

/**
 * Says what became of a component. To be called when it is known: a merge that follows has something to say as well, and a reader
 * takes what stands below its lines for what came of it.
 */
export function tellOutcome({ log, commandLine }: Context, result: UpdateResult): void {
  const { check, dryRun } = commandLine.updating;
  if (result.outcome.kind === 'failed') for (const line of updateLines(result)) log.err(line);
  // What was found is the result of these, and printed.
  else if (!check && !dryRun) for (const line of updateLines(result)) log.info(line);
}
