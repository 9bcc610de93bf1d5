import { tallyLayers } from '../../layers/tally.js';
import { graphReport } from '../../report/layers/graph/report.js';
import { isIncomplete } from '../../report/layers/notes.js';
import { formatOf } from '../command-line.js';
import type { Context, Environment } from '../context.js';
import { openStacks } from '../layers/open-stacks.js';
import { withLayerView } from '../layers/with-view.js';

/**
 * `graph`: the layers of each hierarchy as a picture.
 *
 * @returns 2 if there is something that could not be looked at
 */
export function graph(context: Context): Promise<number> {
  const { commandLine, env } = context;
  const format = formatOf(commandLine, 'graph');
  return withLayerView(context, async (view) => {
    const stacks = openStacks(view);
    const graphs = stacks.map(({ stack, reader }) => ({ stack, tallies: tallyLayers(reader, stack) }));
    const terminal = { columns: columnsOf(env), isUnicode: isUnicode(env) };
    context.print(await graphReport({ view, stacks, graphs }, { ...commandLine, format }, terminal));
    return isIncomplete(view, stacks) ? 2 : 0;
  });
}

function columnsOf(env: Environment): number {
  return process.stdout.columns || Number(env['COLUMNS']) || 80;
}

/** locale(7): which variable counts for characters. */
function isUnicode(env: Environment): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /utf-?8/i.test(locale ?? '');
}
