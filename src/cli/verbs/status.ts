import { isUnderWork } from '../../mount/under-work.js';
import { statusReport } from '../../report/status.js';
import { type Context, readHierarchies } from '../context.js';

/** `status`: what is merged now. Reads only, needs no privileges, waits for nobody. */
export async function status(context: Context): Promise<number> {
  const { json, legend, verbose } = context.commandLine;
  context.print(await statusReport(readHierarchies(context), { json, legend, verbose }));
  if (isUnderWork(context.root)) {
    context.log.notice(
      'Another call is at work on this root, or was killed in the middle; then the next merge, refresh or unmerge puts it in order.',
    );
  }
  return 0;
}
