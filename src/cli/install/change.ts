import { findAbandoned, type Places, placesOf } from '../../install/places.js';
import { removeStage } from '../../install/stage.js';
import { quoted } from '../../report/printable.js';
import { type Context, readHierarchies, searchFor } from '../context.js';
import { mergeInstalled } from '../merge-installed.js';
import { type MergeContext, withMergeSettings } from '../merge-settings.js';
import { type Session, withSession } from '../session.js';

/** Where this call finds and changes what is installed. */
export function installPlaces(context: Context): Places {
  return placesOf(searchFor(context).places);
}

/** Takes away what killed calls have left. Needs the lock of the root. */
export function removeAbandoned(context: Context): void {
  for (const path of findAbandoned(context.root, installPlaces(context), readHierarchies(context))) {
    removeStage(path);
    context.log.debug(`Removed ${quoted(path)}, which an earlier call that was killed had left.`);
  }
}

/** What still has to be done about a change when it is merged, or cannot be. */
export interface Unfinished {
  commit(): void;
  revert(): void;
}

/**
 * Changes what is installed, with the lock of the root; what killed calls have left goes first. With `--now` it is then merged,
 * as by `refresh`.
 *
 * @param refresh how
 * @returns exit status
 * @throws what withSession(), mergeInstalled() and `action` throw
 */
export function changeInstalled(
  context: Context,
  action: (session: Session, settings: MergeContext) => Unfinished | undefined | Promise<undefined>,
  refresh: (session: Session, settings: MergeContext) => Promise<number> = refreshChanged,
): Promise<number> {
  return withSession(context, async (session) => {
    removeAbandoned(context);
    const settings = withMergeSettings(context);
    const unfinished = await action(session, settings);
    let status = 0;
    try {
      if (context.commandLine.installing.now) status = await refresh(session, settings);
    } catch (error) {
      unfinished?.revert();
      throw error;
    }
    unfinished?.commit();
    return status;
  });
}

/** Merges what is installed now. @returns exit status. @throws what mergeInstalled() throws */
export function refreshChanged(session: Session, settings: MergeContext): Promise<number> {
  return mergeInstalled(settings, session, readHierarchies(settings));
}
