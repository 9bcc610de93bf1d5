import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { dryRunStatus, type PlannedVerb } from '../../report/dry-run/dry-run.js';
import { dryRunReport } from '../../report/dry-run/report.js';
import { imagesInPlaces } from '../chosen.js';
import { formatOf } from '../command-line.js';
import type { Context } from '../context.js';
import { makeDryRun } from '../dry-run/dry-run.js';

/**
 * `plan [merge|unmerge|refresh]`: what the command would do, step by step, and why. Reads only; images are mounted where
 * nobody else sees it.
 *
 * @returns 0 if it would be done, or there is nothing to do; 1 if it would fail; 2 if that cannot be told
 */
export async function plan(context: Context): Promise<number> {
  const { argument, json, diff } = context.commandLine;
  const verb = (argument ?? 'refresh') as PlannedVerb;
  if (verb !== 'unmerge' && mayMount() && !hasPrivateNamespace()) {
    if (imagesInPlaces(context).some(isFile)) return runInPrivateNamespace();
  }
  const dryRun = await makeDryRun(context, verb);
  const status = dryRunStatus(dryRun);
  if (formatOf(context.commandLine, 'plan') === 'text') context.print(dryRunReport(dryRun, { json, diff }));
  else if (status === 0) {
    const { dryRunScript } = await import('../../report/dry-run/script/script.js');
    context.print(dryRunScript(dryRun));
  } else
    for (const line of dryRunReport(dryRun, { json: 'off', diff: false }).trimEnd().split('\n'))
      context.log.err(line);
  return status;
}
