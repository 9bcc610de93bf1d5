import type { ExtensionClass } from '../../../extension-class.js';
import type { ShellFunctionName } from './functions/shell-function.js';
import { definitionsOf } from './functions.js';
import { Words } from './quote.js';

/** One action as shell code, and what takes it back. */
export interface Snippet {
  readonly lines: readonly string[];
  /** For the case that it, or a later one, has failed; whatever has been done of it. Nothing of it ends the script. */
  readonly undo: readonly string[];
}

/** Makes shell code, and remembers which functions and variables that uses. */
export class Writer {
  readonly #words: Words;
  readonly #used = new Set<ShellFunctionName>();

  constructor(
    readonly extensionClass: ExtensionClass,
    work: string | null,
  ) {
    this.#words = new Words(work);
  }

  word(text: string): string {
    return this.#words.word(text);
  }

  command(words: readonly string[]): string {
    return this.#words.command(words);
  }

  /**
   * A command line of mount(8). That of busybox makes no mount private, and no bind read-only, in the same call as the
   * mount itself; neither does the kernel.
   */
  mount(words: readonly string[]): string[] {
    const place = words.at(-1) ?? '';
    const propagation = words.find((word) => word.startsWith('--make-'));
    if (propagation !== undefined) {
      const mount = words.filter((word) => word !== propagation);
      return [this.command(mount), this.command(['mount', '-n', '-i', propagation, place])];
    }
    const bind = words.find((word) => word.startsWith('bind,'));
    if (bind === undefined) return [this.command(words)];
    const change = words.map((word) => (word === bind ? `remount,${bind}` : word));
    return [this.command(words.map((word) => (word === bind ? 'bind' : word))), this.command(change)];
  }

  /** The call of a function of the script. */
  call(name: ShellFunctionName, ...args: readonly string[]): string {
    this.#used.add(name);
    return [name, ...args.map((arg) => this.word(arg))].join(' ');
  }

  /** Writes a file of these lines; a word that is given as code is not quoted. */
  write(file: string, lines: readonly (string | { readonly code: string })[]): string[] {
    const path = this.word(file);
    if (lines.length === 0) return [`: >${path}`];
    const words = lines.map((line) => (typeof line === 'string' ? this.word(line) : line.code));
    if (words.length === 1) return [`printf '%s\\n' ${words[0]} >${path}`];
    return ["printf '%s\\n' \\", ...words.map((word) => `  ${word} \\`), `  >${path}`];
  }

  /** What all that was written so far needs to be defined. */
  definitions(): string[] {
    const functions = definitionsOf(this.#used, this.extensionClass.metadataDirectory);
    const variables = this.#words.variables();
    return [...(variables.length === 0 ? [] : [...variables, '']), ...functions];
  }
}
