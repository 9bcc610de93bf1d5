import type { OptionSpec } from '../../options.js';
import {
  oneLine,
  type Suggestion,
  suggestionFor,
  type Tables,
  verbChoices,
  verbsWithFile,
} from './tables.js';

/** A script for fish(1): a `complete` command for each option and verb, for each of the programs. */
export function fishCompletion(tables: Tables): string {
  const { programs, options, verbs } = tables;
  const anyVerb = `__fish_seen_subcommand_from ${Object.keys(verbs).join(' ')}`;
  return `# fish completion for ${programs.join(' and ')}

for program in ${programs.join(' ')}
    complete -c $program -f
${Object.entries(options)
  .map(([name, option]) => `    complete -c $program ${optionWords(name, option)}`)
  .join('\n')}
${Object.entries(verbs)
  .map(
    ([verb, describe]) =>
      `    complete -c $program -n ${fishQuote(`not ${anyVerb}`)} -a ${fishQuote(verb)} -d ${fishQuote(describe)}`,
  )
  .join('\n')}
${verbChoices(tables)
  .map(([verb, , choices]) => {
    const now = `__fish_seen_subcommand_from ${verb}; and not __fish_seen_subcommand_from ${choices.join(' ')}`;
    return `    complete -c $program -n ${fishQuote(now)} -a ${fishQuote(choices.join(' '))}`;
  })
  .join('\n')}
${verbsWithFile(tables)
  .map((verb) => `    complete -c $program -n ${fishQuote(`__fish_seen_subcommand_from ${verb}`)} -F`)
  .join('\n')}
end
`;
}

function optionWords(name: string, option: OptionSpec): string {
  const alias = option.alias === undefined ? '' : `-s ${option.alias} `;
  const suggestion = suggestionFor(option);
  const value = suggestion === null ? '' : suggestion === 'file' ? ' -rF' : ` -x${values(suggestion)}`;
  return `${alias}-l ${name}${value} -d ${fishQuote(option.describe)}`;
}

function values(suggestion: Exclude<Suggestion, 'file'>): string {
  if (suggestion === 'anything') return '';
  return ` -a ${fishQuote(suggestion === 'directory' ? '(__fish_complete_directories)' : suggestion.join(' '))}`;
}

/** Within single quotes fish knows two escapes: of the quote, and of the backslash. */
function fishQuote(text: string): string {
  return `'${oneLine(text).replace(/['\\]/g, '\\$&')}'`;
}
