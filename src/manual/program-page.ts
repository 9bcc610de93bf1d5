import { CLASSES, type ExtensionClass } from '../extension-class.js';
import {
  type ArgumentSpec,
  OPTIONS,
  type OptionSpec,
  VERB_ARGUMENTS,
  VERBS,
  type VerbName,
} from '../options.js';
import { assertions } from './assertions.js';
import { WORDS } from './class-words.js';
import { description } from './description.js';
import { differences } from './differences.js';
import { enumerate, item, type Page, type Section, section } from './document.js';
import { environment } from './environment.js';
import { examples } from './examples.js';
import { files } from './files.js';
import { findings } from './findings.js';
import { optionTexts } from './option-texts.js';
import { verbTexts } from './verb-texts.js';

/** sysext(8) and confext(8) */
export function programPage(extensionClass: ExtensionClass): Page {
  const { name, hierarchies, configFile } = extensionClass;
  return {
    name,
    number: 8,
    purpose: `merge ${WORDS[name].kind} images into ${enumerate(hierarchies)}`,
    sections: [
      section('SYNOPSIS', `\`${name}\` [*OPTION*…] [*COMMAND*]`),
      description(extensionClass),
      commands(extensionClass),
      options(extensionClass),
      section(
        'EXIT STATUS',
        item(
          '`0`',
          'Success. It is no failure if there are no extensions, or if some or all of them do not fit.',
        ),
        item(
          '`1`',
          'Failure. A message on standard error says why. After a failed `merge` or `refresh` what is mounted is the same as before, unless it was only the service manager that failed (see “Services”). `inspect`, `policy` and the commands that only look also answer with it.',
        ),
        item(
          '`2`',
          '`explain`, `plan`, `which`, `files`, `conflicts`, `graph`, `check`, `expect`, `verify` or `doctor` could not tell, or failed.',
        ),
        item('`3`', 'With `--keep-going`: something was broken and was skipped; all else was done.'),
        item('`4`', 'With `--exit-code`: no extension is merged, because none is there, or none fits.'),
        item('`5`', 'With `--exit-code`: some are merged, and some do not fit, or are switched off.'),
        item(
          '`6`',
          'With `--exit-code`: `refresh` had nothing to do. Of several the first applies, beginning with `3`.',
        ),
        item(
          '`125`, `126`, `127`, `128` and more',
          'Of `run`: it failed itself, the command may not be executed, there is no such command, or a signal killed it. All others are those of the command.',
        ),
        'Results are printed on standard output, everything else on standard error.',
      ),
      environment(extensionClass),
      files(extensionClass),
      findings(),
      assertions(),
      examples(extensionClass),
      differences(extensionClass),
      section('SEE ALSO', seeAlso(name, configFile)),
    ],
  };
}

function commands(extensionClass: ExtensionClass): Section {
  const texts = verbTexts(extensionClass);
  const verbArguments: Readonly<Record<string, ArgumentSpec>> = VERB_ARGUMENTS;
  const names = Object.keys(VERBS) as VerbName[];
  return section(
    'COMMANDS',
    ...names.map((verb) => {
      const argument = verbArguments[verb];
      const among =
        argument?.choices === undefined ? [] : [`*${argument.value}* is one of ${list(argument.choices)}.`];
      const others = argument?.others === undefined ? '' : ` [*${argument.others}*…]`;
      const placeholder =
        argument === undefined ? '' : ` *${argument.value}*${argument.multiple ? '…' : others}`;
      return item(
        `\`${verb}\`${argument?.optional ? ` [${placeholder.trim()}]` : placeholder}`,
        ...texts[verb],
        ...among,
      );
    }),
    '`merge`, `unmerge` and `refresh` need the right to mount (CAP_SYS_ADMIN, see capabilities(7)), be it in a user namespace. Calls that are at work on the same root wait for each other. `status` and `list` need no privileges; they and the commands that only look wait for nobody, but for `doctor --fix`.',
  );
}

function options(extensionClass: ExtensionClass): Section {
  const texts = optionTexts(extensionClass);
  const specs = Object.entries<OptionSpec>(OPTIONS) as [keyof typeof OPTIONS, OptionSpec][];
  return section(
    'OPTIONS',
    'An option may be abbreviated as long as it is clear which one is meant, and its value may also be the next word. Where a value is *BOOL*, the words for yes are `1`, `yes`, `y`, `true`, `t` and `on`, those for no `0`, `no`, `n`, `false`, `f` and `off`.',
    ...specs.map(([name, { alias, value }]) => {
      const short = alias === undefined ? '' : `\`-${alias}\`, `;
      const term = value === undefined ? `\`--${name}\`` : `\`--${name}=\`*${value}*`;
      return item(short + term, ...texts[name]);
    }),
  );
}

function seeAlso(name: ExtensionClass['name'], configFile: string): string {
  const other = Object.keys(CLASSES).find((candidate) => candidate !== name);
  return `${other}(8), ${configFile}(5), os-release(5), systemd.v(7), mount(8), umount(8), systemd-sysext(8)`;
}

function list(words: readonly string[]): string {
  return enumerate(words.map((word) => `\`${word}\``));
}
