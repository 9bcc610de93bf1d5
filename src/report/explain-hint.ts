import type { ExtensionClass } from '../extension-class.js';

/** How the program was called. */
export interface Caller {
  readonly program: string;
  readonly extensionClass: ExtensionClass;
  readonly root: string;
}

/** Words that a shell takes as they are. */
const PLAIN = /^[\w/][\w./:@%+,-]*$/;

/** A word as it can be copied into a shell. */
export function plainWord(word: string): string {
  return PLAIN.test(word) || /^--?[\w-]+(=[\w-]*)?$/.test(word) ? word : '…';
}

/**
 * The command line that explains what became of an extension, to be copied: for the same class and the same root. What a
 * shell would take apart is not put into it; without a name, all extensions are explained.
 */
export function explainCommand(caller: Caller, name: string): string {
  return callAgain(caller, ['explain', ...(PLAIN.test(name) ? [name] : [])]);
}

/** The command line that calls the program for the same class and the same root, with other words. */
export function callAgain({ program, extensionClass, root }: Caller, words: readonly string[]): string {
  const ownClass = program.endsWith('confext') ? 'confext' : 'sysext';
  return [
    program,
    ...(ownClass === extensionClass.name ? [] : [`--class=${extensionClass.name}`]),
    ...(root === '/' ? [] : [`--root=${plainWord(root)}`]),
    ...words,
  ].join(' ');
}
