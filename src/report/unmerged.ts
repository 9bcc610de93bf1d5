import { type Caller, callAgain, explainCommand } from './explain-hint.js';
import { quoted, quotedList } from './printable.js';

/** More names say less than their number. */
const MOST = 5;

/**
 * Which command tells more about extensions that are installed and not merged.
 *
 * @param names theirs
 * @param isMerged whether others are
 * @returns `null` if there are none
 */
export function describeUnmerged(names: readonly string[], isMerged: boolean, caller: Caller): string | null {
  const [first] = names;
  if (first === undefined) return null;
  const subject =
    names.length > MOST ? `${names.length} extensions` : names.length > 1 ? quotedList(names) : quoted(first);
  const are = names.length > 1 ? 'are' : 'is';
  if (!isMerged)
    return `Installed ${are} ${subject}; '${callAgain(caller, ['plan', 'merge'])}' says what a merge would do.`;
  const command = names.length > 1 ? callAgain(caller, ['explain']) : explainCommand(caller, first);
  return `Installed and not merged ${are} ${subject}; '${command}' says why.`;
}
