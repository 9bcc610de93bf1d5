import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const page = read('docs/ci.md');

/** The code blocks of docs/ci.md below a heading, with the language that they are marked with. */
export function blocks(heading: string, language: string): string[] {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/ci.md has no heading '${heading}'`);
  return [...section.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text]) =>
    of === language ? [text!] : [],
  );
}

/** Shell commands under a key of YAML: a block of lines (`run: |`), or a list. */
export function commandsOf(yaml: string, key: 'run' | 'script'): string[] {
  const lines = yaml.split('\n');
  return lines.flatMap((line, index) => {
    const [, indent, marker] = /^( *(?:- )?)(?:run|script):( \|)?$/.exec(line) ?? [];
    if (indent === undefined || !line.includes(`${key}:`)) return [];
    const end = lines.findIndex(
      (other, at) => at > index && other.trim() !== '' && depth(other) <= indent.length,
    );
    const body = lines.slice(index + 1, end === -1 ? undefined : end);
    const least = Math.min(...body.filter((text) => text.trim() !== '').map(depth));
    const text = body.map((one) => one.slice(least));
    return [marker === undefined ? text.map((one) => one.replace(/^- /, '')).join('\n') : text.join('\n')];
  });
}

const depth = (line: string) => line.length - line.trimStart().length;

/** What `with:` says in the first workflow, by input. */
export function inputsOf(yaml: string): Record<string, string> {
  const section = /^ +with:\n((?: {10}.*\n)+)/m.exec(yaml)?.[1] ?? '';
  const inputs = [...section.matchAll(/^ {10}(\w+): (?:\|\n((?: {12}.*\n)+)|(.*)\n)/gm)];
  return Object.fromEntries(
    inputs.map(([, name, block, value]) => [name!, value ?? block!.replace(/^ {12}/gm, '')]),
  );
}

export const action = read('action.yml');
