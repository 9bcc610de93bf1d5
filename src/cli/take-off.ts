import { unmountMerges } from '../mount/unmount.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { removeWorkDirectory } from '../overlay/work-directory.js';
import { quoted } from '../report/printable.js';
import { carryOutUnmerge, findDetached, inWorkspace } from './carry-out.js';
import type { Context } from './context.js';
import type { Session } from './session.js';

/**
 * Unmerges the hierarchies that are merged, and says so. Mounts that were made below a hierarchy stay: then what is
 * merged is kept aside until they are back in place. Without any, unmounting is all there is to do.
 *
 * @throws MountFailedError, CommandMissingError
 */
export function takeOff(context: Context, session: Session, hierarchies: readonly Hierarchy[]): void {
  const detached = findDetached(context, hierarchies);
  if (detached.some(({ submounts }) => submounts.length > 0)) {
    inWorkspace(context, session, (workspace) => carryOutUnmerge(context, session, workspace, detached));
    return;
  }
  session.services.beforeChange(detached.map(({ hierarchy }) => hierarchy));
  for (const { hierarchy, work } of detached) {
    unmountMerges(hierarchy, context.commandLine.extensionClass, session.lock);
    if (work !== null) removeWorkDirectory(work);
    context.log.info(`Unmerged ${quoted(hierarchy.path)}.`);
  }
}
