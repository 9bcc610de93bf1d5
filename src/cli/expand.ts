import type { OptionSpec } from '../options.js';
import { UsageError } from './usage-error.js';

/**
 * Brings a command line into a form that leaves no questions, by the rules of getopt_long(3), which scripts for the
 * original rely on: long options may be abbreviated as long as they are unambiguous, a value is whatever follows. What
 * follows a question, such as `--help` or `--json=help`, is not read any more.
 *
 * @returns `--name` or `--name=value` with full names; everything after `--` as it is
 * @throws UsageError
 */
export async function expandArguments(
  args: readonly string[],
  options: Readonly<Record<string, OptionSpec>>,
): Promise<string[]> {
  const expanded: string[] = [];
  const ahead = args.toReversed();
  for (let word = ahead.pop(); word !== undefined; word = ahead.pop()) {
    if (word === '--') return [...expanded, word, ...ahead.toReversed()];
    if (!word.startsWith('-') || word === '-') {
      expanded.push(word);
      continue;
    }
    if (!word.startsWith('--')) {
      for (const letter of word.slice(1)) {
        const name = completeLetter(letter, word, options);
        expanded.push(`--${name}`);
        if (options[name]?.asks) return expanded;
      }
      continue;
    }
    const { name, value } = split(word);
    const full = await complete(name, options);
    if (options[full]?.type === 'boolean') {
      if (value !== undefined) throw new UsageError(`Option '--${full}' takes no value.`);
      expanded.push(`--${full}`);
      if (options[full].asks) return expanded;
      continue;
    }
    const found = value ?? ahead.pop();
    if (found === undefined)
      throw new UsageError(`Option '--${full}' needs a value: --${full}=${options[full]?.value}.`);
    expanded.push(`--${full}=${found}`);
    if (found === 'help' && options[full]?.choices !== undefined) return expanded;
  }
  return expanded;
}

/** Options of one letter take no value, and several may stand behind one `-`. */
function completeLetter(letter: string, word: string, options: Readonly<Record<string, OptionSpec>>): string {
  const name = Object.keys(options).find((candidate) => options[candidate]?.alias === letter);
  if (name === undefined) throw new UsageError(`Unknown option '${word}'.`);
  return name;
}

function split(word: string): { name: string; value: string | undefined } {
  const equals = word.indexOf('=');
  return equals < 0
    ? { name: word, value: undefined }
    : { name: word.slice(0, equals), value: word.slice(equals + 1) };
}

async function complete(word: string, options: Readonly<Record<string, OptionSpec>>): Promise<string> {
  const names = Object.keys(options);
  const name = word.slice(2);
  if (names.includes(name)) return name;
  const candidates = names.filter((candidate) => candidate.startsWith(name));
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const [original, ...others] = candidates.filter((candidate) => options[candidate]?.ours !== true);
  if (original !== undefined && others.length === 0) return original;
  if (candidates.length > 1) {
    throw new UsageError(
      `Option '${word}' is ambiguous: ${candidates.map((candidate) => `--${candidate}`).join(', ')}.`,
    );
  }
  throw new UsageError(`Unknown option '${word}', did you mean '--${await nearest(name, names)}'?`);
}

/** The one of `names` that is the least typing errors away. */
export async function nearest(word: string, names: readonly string[]): Promise<string> {
  const { closest } = await import('fastest-levenshtein');
  return closest(word, names);
}
