import { type ArgumentSpec, OPTIONS, type OptionSpec, VERB_ARGUMENTS, VERBS } from '../options.js';
import type { CommandLine } from './command-line.js';

const PURPOSE = {
  sysext: 'Merge system extension images into /usr/ and /opt/.',
  confext: 'Merge configuration extension images into /etc/.',
} as const;

/** The help text, laid out by yargs from the tables of verbs and options. */
export async function helpText({
  program,
  extensionClass,
}: Pick<CommandLine, 'program' | 'extensionClass'>): Promise<string> {
  const { default: yargs } = await import('yargs');
  const parser = yargs([])
    .scriptName(program)
    .usage(`$0 [OPTION…] [COMMAND]\n\n${PURPOSE[extensionClass.name]}`)
    .locale('en')
    .help(false)
    .version(false)
    .wrap(Math.min(100, process.stdout.columns ?? 100));
  const verbArguments: Readonly<Record<string, ArgumentSpec>> = VERB_ARGUMENTS;
  for (const [name, describe] of Object.entries(VERBS)) {
    const argument = verbArguments[name];
    // Two dots are the language of yargs for "any number".
    const value = argument === undefined ? undefined : `${argument.value}${argument.multiple ? '..' : ''}`;
    const placeholder = argument?.optional ? `[${value}]` : value;
    const others = argument?.others === undefined ? [] : [`[${argument.others}..]`];
    const second = argument?.second === undefined ? [] : [`[${argument.second}]`];
    parser.command(
      [name, ...(placeholder === undefined ? [] : [placeholder]), ...second, ...others].join(' '),
      describe,
    );
  }
  for (const [name, option] of Object.entries<OptionSpec>(OPTIONS)) {
    const { describe, alias, value } = option;
    // This parser never parses, so the value's name may stand in the option's.
    parser.option(value === undefined ? name : `${name}=${value}`, {
      describe,
      ...(alias === undefined ? {} : { alias }),
    });
  }
  return `${await parser.getHelp()}\n`;
}
