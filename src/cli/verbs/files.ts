import { listLayer } from '../../layers/listing.js';
import { describeNoLayer, fileList, fileListJson, type LayerFiles } from '../../report/layers/files.js';
import type { Context } from '../context.js';
import { openStacks } from '../layers/open-stacks.js';
import { withLayerView } from '../layers/with-view.js';

/**
 * `files EXTENSION`: the files of an extension with what of each is seen.
 *
 * @returns 0 if all are seen, 1 if one is hidden, 2 if that cannot be told, or there is no such extension
 */
export function files(context: Context): Promise<number> {
  const { argument, json, extensionClass } = context.commandLine;
  const name = argument ?? '';
  return withLayerView(context, async (view) => {
    const stacks = openStacks(view);
    const parts = stacks.flatMap(({ stack, reader }) =>
      stack.layers.flatMap(({ owner, root }, layer): LayerFiles[] => {
        if (owner.kind !== 'extension' || owner.name !== name) return [];
        return [{ stack, reader, layer, files: root === null ? [] : listLayer(reader, stack, layer) }];
      }),
    );
    if (parts.length === 0) {
      for (const line of describeNoLayer(name, view)) context.log.err(line);
      return 2;
    }
    const list = { view, stacks, name, parts };
    if (json === 'off') return fileList(list, context.print);
    const { text, status } = fileListJson(list, extensionClass, json);
    context.print(text);
    return status;
  });
}
