import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

export const read = (path: string): string => readFileSync(join(CHECKOUT, path), 'utf8');

/** The texts for people: in the root of the checkout, in docs/, and the guides. */
export const TEXTS: readonly string[] = ['.', 'docs', 'docs/guides']
  .flatMap((directory) => readdirSync(join(CHECKOUT, directory)).map((name) => join(directory, name)))
  .filter((path) => path.endsWith('.md'));

/** What stands between backticks, outside of code blocks. */
export function codeWords(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
}

/** Rows of the tables, each as its cells. A `|` in a cell is escaped. */
export function tableRows(text: string): string[][] {
  return withoutBlocks(text)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

/** From a heading to the next one of the same or a higher level, without code blocks: a `#` in them is a prompt. */
export function section(text: string, heading: string): string {
  const lines = withoutBlocks(text).split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  if (start < 0) throw new Error(`no heading '${heading}'`);
  const level = lines[start]!.indexOf(' ');
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= level);
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** A link or an anchor that leads nowhere, of those that stay in the checkout. */
export function brokenLinks(path: string): string[] {
  const targets = [...withoutBlocks(read(path)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
  return targets.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', anchor] = target.split('#');
    const there = file === '' ? path : join(dirname(path), file);
    if (!existsSync(join(CHECKOUT, there))) return true;
    return anchor !== undefined && !anchorsOf(read(there)).includes(anchor);
  });
}

/** As the usual viewers make them of headings. */
function anchorsOf(text: string): string[] {
  return withoutBlocks(text)
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );
}

function withoutBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
