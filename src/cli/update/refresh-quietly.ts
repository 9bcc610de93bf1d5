import { type Held, holdBack } from '../../report/hold-back.js';
import { type Context, readHierarchies } from '../context.js';
import { mergeInstalled } from '../merge-installed.js';
import { withMergeSettings } from '../merge-settings.js';
import type { Session } from '../session.js';

/**
 * Refreshes, and says so only if that changes something, or fails: a timer that finds nothing new has nothing to tell in its
 * journal each time. All the same it is told at the level `debug`.
 *
 * @returns exit status
 * @throws what mergeInstalled() throws
 */
export async function refreshQuietly(context: Context, session: Session): Promise<number> {
  const held = holdBack(context.log);
  try {
    const settings = withMergeSettings({ ...context, log: held.log });
    return await mergeInstalled(settings, releasing(context, session, held), readHierarchies(context));
  } catch (error) {
    held.release();
    throw error;
  } finally {
    held.dropToDebug();
  }
}

/** Before something comes off, or when something was merged, all is told. */
function releasing(context: Context, session: Session, held: Held): Session {
  const { services } = session;
  const releaseIf = (hierarchies: ReturnType<typeof readHierarchies>) => {
    if (hierarchies.some(({ merge }) => merge !== null)) held.release();
  };
  return {
    ...session,
    services: {
      beforeChange: (hierarchies) => {
        releaseIf([...hierarchies]);
        services.beforeChange(hierarchies);
      },
      afterChange: () => {
        releaseIf(readHierarchies(context));
        services.afterChange();
      },
      finish: () => services.finish(),
    },
  };
}
