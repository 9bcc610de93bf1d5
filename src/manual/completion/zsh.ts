import type { OptionSpec } from '../../options.js';
import {
  oneLine,
  type Suggestion,
  shellQuote,
  suggestionFor,
  type Tables,
  verbChoices,
  verbsWithFile,
  verbsWithFiles,
} from './tables.js';

/**
 * A script for zsh: a file of that name in a directory of `fpath`, or sourced after compinit (zshcompsys(1)). All the
 * work is done by `_arguments`, so here it is about quoting: for the shell, and for the little languages below it.
 */
export function zshCompletion(tables: Tables): string {
  const { programs, options, verbs } = tables;
  const name = `_${programs[0]}`;
  return `#compdef ${programs.join(' ')}

${name}() {
  local curcontext=$curcontext state state_descr line expl
  typeset -A opt_args
  local -a verbs=(
${Object.entries(verbs)
  .map(
    ([verb, describe]) =>
      `    ${shellQuote(`${escapeColons(verb)}:${oneLine(describe).replaceAll('\\', '\\\\')}`)}`,
  )
  .join('\n')}
  )

  _arguments -C -S \\
${Object.entries(options)
  .map(([option, spec]) => `    ${argumentSpec(option, spec)} \\`)
  .join('\n')}
    '1:command:->verb' \\
    '2:argument:->argument' \\
    '*:argument:->more' && return 0

  case $state in
    verb) _describe -t commands command verbs && return 0 ;;
    argument)
      case $line[1] in
${verbChoices(tables)
  .map(
    ([verb, value, choices]) =>
      `        ${verb}) _wanted arguments expl ${shellQuote(value)} compadd -- ${choices.map(shellQuote).join(' ')} && return 0 ;;`,
  )
  .join('\n')}
${verbsWithFile(tables)
  .map((verb) => `        ${verb}) _files && return 0 ;;`)
  .join('\n')}
      esac
      ;;
    more)
      case $line[1] in
${verbsWithFiles(tables)
  .map((verb) => `        ${verb}) _files && return 0 ;;`)
  .join('\n')}
      esac
      ;;
  esac
  return 1
}

if [[ \${funcstack[1]} == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${programs.join(' ')}
fi
`;
}

/** One option in the language of `_arguments`: `--root=[description]:PATH:_directories`. */
function argumentSpec(name: string, option: OptionSpec): string {
  const description = `[${escapeBrackets(oneLine(option.describe))}]`;
  const suggestion = suggestionFor(option);
  const value =
    suggestion === null ? '' : `:${escapeColons(oneLine(option.value ?? ''))}:${action(suggestion)}`;
  const long = `--${name}${suggestion === null ? '' : '='}`;
  if (option.alias === undefined) return shellQuote(`${long}${description}${value}`);
  const both = `(-${option.alias} --${name})`;
  return `${shellQuote(both)}{-${option.alias},${long}}${shellQuote(`${description}${value}`)}`;
}

/** A blank says that there is a value, and that nothing is known of it. */
function action(suggestion: Suggestion): string {
  if (suggestion === 'directory') return '_directories';
  if (suggestion === 'file') return '_files';
  return suggestion === 'anything' ? ' ' : `(${suggestion.join(' ')})`;
}

function escapeBrackets(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

function escapeColons(text: string): string {
  return text.replace(/[\\:]/g, '\\$&');
}
