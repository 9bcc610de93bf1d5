import { readAssertions } from '../../expect/read-assertions.js';
import { mayMount } from '../../host/privileges.js';
import { isFile } from '../../images/image.js';
import { formatExpectation } from '../../report/expect/report.js';
import { expectStatus } from '../../report/expect/result.js';
import { REASONS } from '../../report/explanation/reasons.js';
import { findChosen } from '../chosen.js';
import { formatOf } from '../command-line.js';
import { type Context, readHierarchies } from '../context.js';
import { readAssertionFile } from '../expect/assertion-file.js';
import { evaluate } from '../expect/evaluate.js';
import { liveState } from '../expect/live-state.js';
import { whereToLook } from '../layers/with-view.js';
import { withMergeSettings } from '../merge-settings.js';

/**
 * `expect ASSERTION…`: whether what is asserted of the machine is so. Reads only, but for commands that it is told to run.
 *
 * @returns 0 if all hold, 1 if one does not, 2 if that cannot be told
 */
export async function expect(context: Context): Promise<number> {
  const { commandLine, root } = context;
  const hierarchies = readHierarchies(context);
  const chosen = await findChosen(context, hierarchies);
  const isMerged = hierarchies.some(({ merge }) => merge !== null);
  const mounts = mayMount() && (isMerged || chosen.images.some(isFile));
  return whereToLook(mounts, async (workspace) => {
    const { operands, file, program, extensionClass, json } = commandLine;
    const stated = readAssertions(operands, file === null ? null : readAssertionFile(file), REASONS);
    const state = liveState(withMergeSettings(context), hierarchies, chosen, workspace);
    const results = evaluate(stated, state);
    const expectation = { extensionClass, program, root, results };
    context.print(await formatExpectation(expectation, formatOf(commandLine, 'expect'), json));
    return expectStatus(results);
  });
}
