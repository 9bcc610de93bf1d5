import type { OptionSpec } from '../../options.js';
import {
  type Suggestion,
  shellQuote,
  suggestionFor,
  type Tables,
  verbChoices,
  verbsWithFile,
  verbsWithFiles,
} from './tables.js';

/**
 * A script for bash(1), "Programmable Completion". It needs nothing of the bash-completion package.
 *
 * Bash takes `--name=value` for three words, because `=` is in COMP_WORDBREAKS by default; where it was taken out,
 * for one. Directories it completes better than a function can: that it knows what is quoted.
 */
export function bashCompletion(tables: Tables): string {
  const { programs, options, verbs } = tables;
  const withValue = Object.entries(options).filter(([, { type }]) => type === 'string');
  const namesWithValue = withValue.map(([name]) => `--${name}`).join(' | ') || "''";
  return `# bash completion for ${programs.join(' and ')}

_${programs[0]}() {
  local IFS=$' \\t\\n' cur=\${COMP_WORDS[COMP_CWORD]} previous='' option='' prefix='' words='' i
  local -a operands=()
  COMPREPLY=()
  ((COMP_CWORD < 1)) || previous=\${COMP_WORDS[COMP_CWORD - 1]}

  if [[ $cur == --*=* ]]; then
    option=\${cur%%=*} prefix=\${cur%%=*}= cur=\${cur#*=}
  elif [[ $cur == = ]]; then
    option=$previous cur=''
  elif [[ $previous == = ]]; then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  else
    case $previous in
      ${namesWithValue}) option=$previous ;;
    esac
  fi

  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      =) ((i += 1)) ;;
      ${namesWithValue}) [[ \${COMP_WORDS[i + 1]} == = ]] || ((i += 1)) ;;
      -*) ;;
      *) operands+=("\${COMP_WORDS[i]}") ;;
    esac
  done

  case $option:$cur:\${operands[*]} in
${withValue.map(([name, option]) => valueCase(name, suggestionFor(option))).join('')}    :-*) words=${list(optionWords(options))} ;;
    :*:) words=${list(Object.keys(verbs))} ;;
${verbChoices(tables)
  .map(([verb, , choices]) => `    :*:${verb}) words=${list(choices)} ;;\n`)
  .join('')}${[...verbsWithFile(tables), ...verbsWithFiles(tables).map((verb) => `${verb}\\ *`)]
  .map((verb) => `    :*:${verb}) compopt -o default -o filenames 2>/dev/null; return 0 ;;\n`)
  .join('')}  esac
  mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "$cur")
  [[ \${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
  return 0
}

complete -F _${programs[0]} ${programs.join(' ')}
`;
}

function valueCase(name: string, suggestion: Suggestion | null): string {
  if (suggestion === 'directory' || suggestion === 'file') {
    const [what, generate] = suggestion === 'directory' ? ['dirnames', '-S / -d'] : ['default', '-f'];
    return `    --${name}:*)
      if [[ -z $prefix ]]; then
        compopt -o ${what} -o filenames 2>/dev/null
      else
        mapfile -t COMPREPLY < <(compgen -P "$prefix" ${generate} -- "$cur")
        compopt -o nospace 2>/dev/null
      fi
      return 0
      ;;
`;
  }
  return typeof suggestion === 'object' && suggestion !== null
    ? `    --${name}:*) words=${list(suggestion)} ;;\n`
    : '';
}

function optionWords(options: Readonly<Record<string, OptionSpec>>): string[] {
  return Object.entries(options).flatMap(([name, { type, alias }]) => [
    ...(alias === undefined ? [] : [`-${alias}`]),
    type === 'boolean' ? `--${name}` : `--${name}=`,
  ]);
}

function list(words: readonly string[]): string {
  return shellQuote(words.join(' '));
}
