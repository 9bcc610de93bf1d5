import { quoted } from '../../report/printable.js';
import { type Context, readHierarchies } from '../context.js';
import { mergeInstalled } from '../merge-installed.js';
import { withMergeSettings } from '../merge-settings.js';
import { withSession } from '../session.js';

/** `merge`: lays the extensions that fit over the hierarchies. Refuses where something is merged already. @returns exit status */
export function merge(context: Context): Promise<number> {
  return withSession(context, async (session) => {
    const hierarchies = readHierarchies(context);
    const merged = hierarchies.find((hierarchy) => hierarchy.merge !== null);
    if (merged !== undefined) {
      context.log.err(`Hierarchy ${quoted(merged.name)} is already merged.`);
      return 1;
    }
    return mergeInstalled(withMergeSettings(context), session, hierarchies);
  });
}
