import { readAssertions } from '../../expect/read-assertions.js';
import { formatExpectation } from '../../report/expect/report.js';
import { expectStatus } from '../../report/expect/result.js';
import { REASONS } from '../../report/explanation/reasons.js';
import { formatOf } from '../command-line.js';
import type { Context } from '../context.js';
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
  return whereToLook(context, async (hierarchies, workspace) => {
    const { operands, file, program, extensionClass, json } = commandLine;
    const stated = readAssertions(operands, file === null ? null : readAssertionFile(file), REASONS);
    const state = liveState(withMergeSettings(context), hierarchies, workspace);
    const results = evaluate(stated, state);
    const expectation = { extensionClass, program, root, results };
    context.print(await formatExpectation(expectation, formatOf(commandLine, 'expect'), json));
    return expectStatus(results);
  });
}
