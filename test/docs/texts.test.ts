import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { brokenLinks, CHECKOUT, codeWords, read, TEXTS } from './markdown.js';

const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

describe.each(TEXTS)('%s', (path) => {
  const text = read(path);

  test('its links lead somewhere', () => {
    expect(brokenLinks(path)).toEqual([]);
  });

  test('the files and directories that it names exist', () => {
    const named = codeWords(text).filter((word) => /^(src|test|docs|scripts|bin|\.ci)\/[\w./-]*$/.test(word));
    expect(named.filter((word) => !existsSync(join(CHECKOUT, word)))).toEqual([]);
  });

  test('the npm scripts that it names exist', () => {
    const named = [...text.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map((match) => match[1]!);
    if (/\bnpm test\b/.test(text)) named.push('test');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  test('no line is too long to read in a terminal, but for tables and output', () => {
    const long = text
      .replace(/^```[\s\S]*?^```$/gm, '')
      .split('\n')
      .filter((line) => line.length > 130 && !line.startsWith('| '));
    expect(long).toEqual([]);
  });
});
