import { findConflicts } from '../../layers/conflicts.js';
import { ConflictList, conflictStatus, conflictsReport } from '../../report/layers/conflicts.js';
import { pathIn } from '../../report/layers/words.js';
import type { Context } from '../context.js';
import { openStacks } from '../layers/open-stacks.js';
import { withLayerView } from '../layers/with-view.js';

/**
 * `conflicts`: what the layers do to each other, and who wins.
 *
 * @returns 1 if there is one of a kind that was asked for and that is not allowed, 2 if that cannot be told
 */
export async function conflicts(context: Context): Promise<number> {
  const { layers } = context.commandLine;
  const allowed =
    layers.allow === null ? null : (await import('../layers/allow-file.js')).readAllowFile(layers.allow);
  return withLayerView(context, async (view) => {
    const stacks = openStacks(view);
    const list = new ConflictList();
    for (const { stack, reader } of stacks) {
      for (const conflict of findConflicts(reader, stack))
        list.add(stack, conflict, allowed?.matches(pathIn(stack, conflict.path)) ?? false);
    }
    const unused = allowed?.unused() ?? [];
    const report = { view, stacks, list, unused, failOn: layers.failOn, allow: layers.allow };
    context.print(conflictsReport(report, context.commandLine));
    return conflictStatus(report);
  });
}
