import { type Context, readHierarchies } from '../context.js';
import { mergeInstalled } from '../merge-installed.js';
import { withMergeSettings } from '../merge-settings.js';
import { withSession } from '../session.js';

/** `refresh`: what is installed now takes the place of what was merged; nothing happens if that is the same. @returns exit status */
export function refresh(context: Context): Promise<number> {
  return withSession(context, (session) =>
    mergeInstalled(withMergeSettings(context), session, readHierarchies(context)),
  );
}
