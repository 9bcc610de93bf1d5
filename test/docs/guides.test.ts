import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readGuide } from '../guides/guide.js';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const names = (path: string, end: string) =>
  readdirSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)))
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .sort();

const guides = names('docs/guides', '.md').filter((name) => name !== 'README');

test('each guide is followed by a test', () => {
  expect(names('test/guides', '.test.ts')).toEqual(guides);
  for (const name of guides)
    expect(read(`test/guides/${name}.test.ts`)).toContain(`followGuide('${name}.md'`);
});

test('the list has each of them', () => {
  const listed = [...read('docs/guides/README.md').matchAll(/^\| \[([\w-]+)\.md\]\(\1\.md\) \|/gm)];
  expect(listed.map(([, name]) => name!).sort()).toEqual(guides);
});

describe.each(guides)('%s', (name) => {
  const page = read(`docs/guides/${name}.md`);

  test('no commands but those that are carried out, no output but that of commands', () => {
    const blocks = readGuide(`${name}.md`);
    const shown = blocks.filter(({ expected }) => expected !== null);
    const fences = [...page.matchAll(/^```(.*)\n[\s\S]*?^```$/gm)].map(([, language]) => language!);
    expect(fences.filter((language) => language.startsWith('sh'))).toHaveLength(blocks.length);
    expect(fences.filter((language) => !language.startsWith('sh'))).toEqual(shown.map(() => 'text'));
  });
});
