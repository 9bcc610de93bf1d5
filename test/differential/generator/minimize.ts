import type { Tree } from '../../support/tree.js';
import { asCall, type Call, type Scenario } from '../scenario.js';

/**
 * Takes away from a scenario what it does not need to fail: calls, what happens before them, their options, files. The
 * parts depend on each other in ways that the generator knows nothing of, so this works on what it has made.
 *
 * @param fails whether a smaller scenario still does
 * @param until when to stop trying, in milliseconds since 1970
 */
export async function minimize(
  scenario: Scenario,
  fails: (smaller: Scenario) => Promise<boolean>,
  until: number,
): Promise<Scenario> {
  let smallest = scenario;
  for (let before: Scenario | null = null; before !== smallest && Date.now() < until; ) {
    before = smallest;
    for (const reduce of [withoutCalls, withoutFiles, withoutParts]) {
      smallest = await reduce(smallest, async (smaller) => Date.now() < until && (await fails(smaller)));
    }
  }
  return smallest;
}

type Fails = (smaller: Scenario) => Promise<boolean>;

async function withoutCalls(scenario: Scenario, fails: Fails): Promise<Scenario> {
  const calls = await without(scenario.calls, (fewer) => fails({ ...scenario, calls: fewer }));
  return calls === scenario.calls ? scenario : { ...scenario, calls };
}

async function withoutFiles(scenario: Scenario, fails: Fails): Promise<Scenario> {
  const entries = Object.entries(scenario.tree);
  const fewer = await without(entries, (some) => fails({ ...scenario, tree: treeOf(some) }));
  return fewer === entries ? scenario : { ...scenario, tree: treeOf(fewer) };
}

const treeOf = (entries: readonly (readonly [string, Tree[string]])[]): Tree => Object.fromEntries(entries);

/** Without as many of the items as can go: first halves, then smaller parts, last one at a time. */
async function without<T>(
  items: readonly T[],
  fails: (fewer: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = items;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let end = left.length; end > 0; end -= size) {
      const fewer = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
      if (await fails(fewer)) left = fewer;
    }
  }
  return left;
}

/** Calls with less: nothing that happens before, no environment, fewer options; and a root of the usual kind. */
async function withoutParts(scenario: Scenario, fails: Fails): Promise<Scenario> {
  let smallest = scenario;
  for (const index of scenario.calls.keys()) {
    for (let changed = true; changed; ) {
      changed = false;
      for (const less of lessOf(asCall(smallest.calls[index]!))) {
        const smaller = { ...smallest, calls: smallest.calls.with(index, less) };
        if (!(await fails(smaller))) continue;
        smallest = smaller;
        changed = true;
        break;
      }
    }
  }
  const { on, ...usual } = smallest;
  return on !== undefined && (await fails(usual)) ? usual : smallest;
}

function lessOf(call: Call): Call[] {
  const { before, script, env, ...bare } = call;
  const rest = { ...(before && { before }), ...(script && { script }), ...(env && { env }) };
  const dropped = (['before', 'script', 'env'] as const)
    .filter((part) => call[part] !== undefined)
    .map((part): Call => {
      const { [part]: _, ...less } = { ...bare, ...rest };
      return less as Call;
    });
  const words = typeof call.args === 'string' ? call.args.split(' ') : call.args;
  const options = words.slice(1).map((_, at): Call => ({ ...call, args: words.toSpliced(at + 1, 1) }));
  return [...dropped, ...options];
}
