import { isTerminal } from '../../host/terminal.js';
import { isUnderWork } from '../../mount/under-work.js';
import type { Hierarchy } from '../../overlay/metadata.js';
import { statusReport } from '../../report/status.js';
import { type Context, readHierarchies } from '../context.js';

const STDOUT = 1;

/** `status`: what is merged now. Reads only, needs no privileges, waits for nobody. */
export async function status(context: Context): Promise<number> {
  const { json, legend, verbose } = context.commandLine;
  const hierarchies = readHierarchies(context);
  context.print(await statusReport(hierarchies, { json, legend, verbose }));
  if (isUnderWork(context.root)) {
    context.log.notice(
      'Another call is at work on this root, or was killed in the middle; then the next merge, refresh or unmerge puts it in order.',
    );
  }
  // Scripts that call the original expect nothing more; a person may wonder.
  if (json === 'off' && legend && (await isTerminal(STDOUT))) await tellOfOthers(context, hierarchies);
  return 0;
}

async function tellOfOthers(context: Context, hierarchies: readonly Hierarchy[]): Promise<void> {
  const { installedNames } = await import('../installed-names.js');
  const { describeUnmerged } = await import('../../report/unmerged.js');
  const merges = hierarchies.flatMap(({ merge }) => merge ?? []);
  const merged = new Set(merges.flatMap(({ names }) => names));
  const others = installedNames(context).filter((name) => !merged.has(name));
  const { root, commandLine } = context;
  const message = describeUnmerged(others, merges.length > 0, { ...commandLine, root });
  if (message !== null) context.log.info(message);
}
