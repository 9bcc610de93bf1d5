import { join } from 'node:path';
import { componentName } from '../../update/names.js';
import type { Json } from '../json.js';
import { describeFailure } from './problems.js';
import type { UpdateResult } from './result.js';
import { describeUnfit } from './text.js';

/** By the schema docs/schema/update-1.json. */
export function updateJson(results: readonly UpdateResult[], releaseDirectory: string): Json {
  return {
    schema: 'update-1',
    components: results.map((result) => ({
      name: componentName(result.component),
      component: result.component.name,
      transfers: result.component.transfers.map(({ file }) => file),
      installed: result.installed,
      ...outcomeJson(result),
      passedOver: result.unfit.map((unfit) => ({
        version: unfit.version,
        reason: unfit.mismatch.kind,
        text: describeUnfit(unfit, releaseDirectory),
      })),
    })),
  };
}

function outcomeJson({ outcome }: UpdateResult): Record<string, Json> {
  const nothing = { version: null, put: [], removed: [], problems: [] };
  switch (outcome.kind) {
    case 'available': {
      const { version, deliveries } = outcome;
      const place = ({ transfer }: (typeof deliveries)[number]) => transfer.target.path;
      return {
        ...nothing,
        state: 'available',
        version,
        put: deliveries.flatMap((one) => (one.source === null ? [] : [join(place(one), one.path)])),
        removed: deliveries.flatMap((one) => one.remove.map(({ path }) => join(place(one), path))),
      };
    }
    case 'updated':
      return {
        ...nothing,
        state: 'updated',
        version: outcome.version,
        put: outcome.put,
        removed: outcome.removed,
      };
    case 'failed':
      return { ...nothing, state: 'failed', problems: outcome.lines };
    case 'not-ours':
      return { ...nothing, state: 'not-ours', problems: [`${describeFailure(outcome.failure)}.`] };
    default:
      return { ...nothing, state: outcome.kind };
  }
}
