import { type Context, readHierarchies } from '../context.js';
import { withSession } from '../session.js';
import { takeOff } from '../take-off.js';

/** `unmerge`: takes off what is merged. Nothing merged: nothing to say. */
export function unmerge(context: Context): Promise<number> {
  return withSession(context, async (session) => {
    await takeOff(context, session, readHierarchies(context));
    return 0;
  });
}
