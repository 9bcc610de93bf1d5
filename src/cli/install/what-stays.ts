import { describeStaysMerged } from '../../report/install/done.js';
import { type Context, readHierarchies } from '../context.js';
import { findByName, mergedTester } from './survey.js';

/** Says that a merge still has something else of a name than the next one would take; a refresh changes that. */
export function tellWhatStays(context: Context, name: string): void {
  const { root, log, commandLine } = context;
  if (commandLine.installing.now) return;
  const merged = readHierarchies(context).filter(({ merge }) => merge?.names.includes(name));
  if (merged.length === 0) return;
  const [first] = findByName(context, name);
  if (first?.kind === 'image' && mergedTester(context)(name, first.image.path) !== false) return;
  const paths = merged.map((hierarchy) => hierarchy.name);
  log.notice(describeStaysMerged(name, paths, { ...commandLine, root }));
}
