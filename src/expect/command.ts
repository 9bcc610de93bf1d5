import { DEFAULT_SECONDS } from './assertion.js';
import { missing, type Parsed, unexpected } from './problem.js';
import { splitWords } from './words.js';

/** A day: more is a typing error. */
const MOST_SECONDS = 86_400;

/** `PROGRAM`, which has to be there, or `"PROGRAM ARGUMENT…" works [within SECONDS]`, which is run. */
export function readCommand([line, works, within, seconds, more]: readonly string[]): Parsed {
  const words = splitWords(line ?? '');
  if (words === null) return { problem: { kind: 'quote' } };
  const [program, ...args] = words;
  if (!program) return missing('command', 'PROGRAM');
  // Without `works` nothing would be done with them.
  if (works === undefined && args.length > 0) return missing('command', "'works'");
  if (works === undefined) return { kind: 'command', program, args, works: null };
  if (works !== 'works')
    return unexpected('command', works, "'works'; the command with its arguments is one word, in quotes");
  if (within === undefined) return { kind: 'command', program, args, works: { seconds: DEFAULT_SECONDS } };
  if (within !== 'within') return unexpected('command', within, "'within'");
  if (seconds === undefined) return missing('command', 'SECONDS');
  const limit = /^\d{1,5}(\.\d{1,3})?s?$/.test(seconds) ? Number.parseFloat(seconds) : 0;
  if (limit <= 0 || limit > MOST_SECONDS)
    return unexpected('command', seconds, 'a number of seconds, such as 5 or 0.5');
  if (more !== undefined) return unexpected('command', more, 'nothing more');
  return { kind: 'command', program, args, works: { seconds: limit } };
}
