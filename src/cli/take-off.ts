import { unmountMerges } from '../mount/unmount.js';
import type { Hierarchy } from '../overlay/metadata.js';
import type { Detached } from '../overlay/plan.js';
import { quoted } from '../report/printable.js';
import { carryOutUnmerge, inWorkspace, warn } from './carry-out.js';
import type { Context } from './context.js';
import { findDetached } from './find-detached.js';
import type { Session } from './session.js';

/**
 * Unmerges the hierarchies that are merged, and says so. Mounts that were made below a hierarchy stay: then what is
 * merged is kept aside until they are back in place. Without any, unmounting is all there is to do.
 *
 * @throws MountFailedError, CommandMissingError
 */
export async function takeOff(
  context: Context,
  session: Session,
  hierarchies: readonly Hierarchy[],
): Promise<void> {
  const detached = findDetached(context, hierarchies);
  if (needsWorkspace(detached)) {
    await inWorkspace(context, session, (workspace) =>
      carryOutUnmerge(context, session, workspace, detached),
    );
    return;
  }
  session.services.beforeChange(detached.map(({ hierarchy }) => hierarchy));
  const failures = unmountMerges(detached, context.commandLine.extensionClass, session.lockFile);
  for (const failure of failures) await warn(context.log, failure);
  for (const { hierarchy } of detached) context.log.info(`Unmerged ${quoted(hierarchy.path)}.`);
}

/** Mounts below what comes off are carried back, for which it has to be kept somewhere. */
export function needsWorkspace(detached: readonly Detached[]): boolean {
  return detached.some(({ submounts }) => submounts.length > 0);
}
