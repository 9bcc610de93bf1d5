import type { Shortfall, StrictError } from '../choice/strict-error.js';
import { explainPassedOver } from './passed-over.js';
import { quoted, quotedList } from './printable.js';

/** In one line; why an extension does not fit was said before. */
export function describeStrictError({ shortfalls }: StrictError): string {
  return `With --strict nothing may be left out: ${shortfalls.map(describeShortfall).join('; ')}. Nothing was changed.`;
}

function describeShortfall(shortfall: Shortfall): string {
  if (shortfall.kind === 'passed-over') {
    const { found } = shortfall;
    return `${quoted(found.entry)} gives no extension, ${explainPassedOver(found).problem}`;
  }
  const { kind, name, path, hides } = shortfall;
  const what =
    kind === 'empty'
      ? `${quoted(name)} is the empty directory ${quoted(path)}`
      : `${quoted(name)} does not fit`;
  return hides.length === 0 ? what : `${what}, and hides ${quotedList(hides)}`;
}
