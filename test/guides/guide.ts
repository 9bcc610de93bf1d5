import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Commands of a guide, and what it says that they print. */
export interface Block {
  /** Of the line with the fence, counted from 1. */
  readonly line: number;
  readonly commands: string;
  /** It is marked as one whose last command fails. */
  readonly fails: boolean;
  /** The block of text right below it, or `null` where the guide shows no output. */
  readonly expected: string | null;
}

/** Stands before the number of a block and its exit status, and nowhere else in the output. */
const MARK = '\u0001';

/** @param name of a page in docs/guides */
export function readGuide(name: string): Block[] {
  const path = fileURLToPath(new URL(`../../docs/guides/${name}`, import.meta.url));
  return blocksOf(readFileSync(path, 'utf8'));
}

/**
 * Blocks marked `sh` are commands; one marked `sh fails` ends with a command that fails. A block marked `text` with nothing but
 * empty lines between is their output, on both streams.
 */
export function blocksOf(page: string): Block[] {
  const fenced = /^```(sh|sh fails)\n([\s\S]*?)^```\n(?:\s*^```text\n([\s\S]*?)^```$)?/gm;
  return [...page.matchAll(fenced)].map(([, language, commands, expected], index, all) => ({
    line: page.slice(0, all[index]!.index).split('\n').length,
    commands: commands!,
    fails: language === 'sh fails',
    expected: expected ?? null,
  }));
}

/** One shell for all of them, as in a terminal: directories, variables and jobs stay. It ends at the first surprise. */
export function scriptOf(blocks: readonly Block[]): string {
  const pieces = blocks.map(({ commands, fails }, index) =>
    fails
      ? `set +e\n${commands}status=$?\nset -e\n[ $status != 0 ] || exit 99\nprintf '${MARK}%d\\n' ${index}\n`
      : `${commands}printf '${MARK}%d\\n' ${index}\n`,
  );
  return `exec 2>&1\nset -eo pipefail\n${pieces.join('')}`;
}

/** @returns what each block printed; the one that the script ended in is the last */
export function outputsOf(output: string): string[] {
  return output.split(new RegExp(`${MARK}\\d+\\n`));
}

/** @param expected `…` stands for any text in a line; alone in a line, for any lines. White space at the ends of lines does not count. */
export function isAsShown(expected: string, output: string): boolean {
  const lines = tidy(expected).split('\n');
  const pattern = lines
    .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(literal).join('.*')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${tidy(output)}\n`);
}

const tidy = (text: string) => text.replace(/[ \t]+$/gm, '').replace(/\n+$/, '');
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
