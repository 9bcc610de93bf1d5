import { statusReport } from '../../report/status.js';
import { type Context, readHierarchies } from '../context.js';

/** `status`: what is merged now. Reads only, needs no privileges, waits for nobody. */
export async function status(context: Context): Promise<number> {
  const { json, legend } = context.commandLine;
  context.print(await statusReport(readHierarchies(context), { json, legend }));
  return 0;
}
