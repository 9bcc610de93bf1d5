import type { ExtensionClass } from '../extension-class.js';
import { type Block, heading } from './document.js';

/** Which of the installed extensions are merged. */
export function choice({ name, metadataDirectory }: ExtensionClass): Block[] {
  return [
    heading('Choice'),
    'Without anything else said all extensions are merged that fit. With names, or patterns after `--only=`, only those are; `--except=` leaves out what fits its pattern, and counts more. In a pattern `*` stands for anything, `?` for one character, `[`…`]` for one of several, and `{`*A*`,`*B*`}` for one of several words. It is an error if a name is not installed, if a pattern fits nothing, if something is both named and left out, or if nothing is left; then nothing was touched.',
    'With `--from=` extensions are also looked for in another directory, before all others: what is found there hides those of the same name elsewhere. With `--order=` the named extensions lie on top of all others, in that order, the last of them uppermost. The others stay in version order below.',
    `The choice is recorded in \`origin\` in \`${metadataDirectory}\`, with the merge. So \`${name} refresh\` keeps to it, and says so in one line, until \`refresh\` is given another one, which takes its place as a whole, or \`--all\`. What is chosen and no longer there is told, and is no error then. With \`unmerge\` and a reboot it is gone, and also when nothing is left of what was chosen. systemd-sysext(8) merges all with its \`refresh\`.`,
  ];
}
