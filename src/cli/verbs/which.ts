import { bytesOf } from '../../host/bytes.js';
import { locate } from '../../layers/lookup.js';
import { childrenOf, providerOf } from '../../layers/provider.js';
import { type Found, whichReport, whichStatus } from '../../report/layers/which.js';
import type { Context } from '../context.js';
import { openStacks } from '../layers/open-stacks.js';
import { withLayerView } from '../layers/with-view.js';
import { pathBelow } from '../path-below.js';

/**
 * `which PATH…`: which layer provides a path, and which copies it hides.
 *
 * @returns 0 if all of them are there, 1 if one is not, 2 if that cannot be told
 */
export function which(context: Context): Promise<number> {
  const { root, commandLine } = context;
  return withLayerView(context, async (view) => {
    const stacks = openStacks(view);
    const found = commandLine.operands.map((asked): Found => {
      const location = locate(bytesOf(root), stacks, bytesOf(pathBelow(root, asked)));
      const provider = providerOf(location, view.kind === 'live');
      const children = commandLine.layers.all ? [...childrenOf(location)] : null;
      return { asked, location, provider, children };
    });
    context.print(await whichReport({ view, stacks, found }, commandLine));
    return whichStatus(found);
  });
}
