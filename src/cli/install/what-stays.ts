import { describeStaysMerged } from '../../report/install/done.js';
import { type Context, readHierarchies } from '../context.js';

/** Says that what was changed shows in a merge only after a refresh, if there is a merge of that name. */
export function tellWhatStays(context: Context, name: string): void {
  const { root, log, commandLine } = context;
  if (commandLine.installing.now) return;
  const merged = readHierarchies(context).filter(({ merge }) => merge?.names.includes(name));
  if (merged.length === 0) return;
  const paths = merged.map((hierarchy) => hierarchy.name);
  log.notice(describeStaysMerged(name, paths, { ...commandLine, root }));
}
