import { FACTS } from './functions/facts.js';
import { MAKING } from './functions/making.js';
import { MOVING } from './functions/moving.js';
import type { ShellFunction, ShellFunctionName } from './functions/shell-function.js';

/** What the script defines, as far as it is used. */
const FUNCTIONS: Readonly<Record<ShellFunctionName, ShellFunction>> = { ...FACTS, ...MAKING, ...MOVING };

/** The definitions of some functions and of all that they need, as lines. */
export function definitionsOf(names: ReadonlySet<ShellFunctionName>, metadataDirectory: string): string[] {
  const wanted = new Set<ShellFunctionName>();
  const add = (name: ShellFunctionName): void => {
    for (const other of FUNCTIONS[name].needs) add(other);
    wanted.add(name);
  };
  for (const name of names) add(name);
  const order = (Object.keys(FUNCTIONS) as ShellFunctionName[]).filter((name) => wanted.has(name));
  return order.flatMap((name) => [
    ...FUNCTIONS[name].lines.map((line) => line.replaceAll('METADATA', metadataDirectory)),
    '',
  ]);
}
