import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkImage } from '../../src/check/checkers.js';
import { CODES, type FindingCode } from '../../src/check/codes.js';
import { tell } from '../../src/report/check/sentences.js';
import { WORDS } from '../../src/report/findings/words.js';
import { printable } from '../../src/report/printable.js';
import { CASES, type OwnCode } from '../check/cases.js';
import { withChecked } from '../check/checked.js';
import { brokenLinks, CHECKOUT, read, tableRows } from './markdown.js';

const PLACE = 'docs/findings';
const codes = Object.keys(CODES) as FindingCode[];
const oneLine = (text: string) => text.replace(/\s+/g, ' ');
const page = (code: string) => read(`${PLACE}/${code}.md`);

test('every code has a page, and every page is one of a code', () => {
  const pages = readdirSync(join(CHECKOUT, PLACE)).filter((name) => name !== 'README.md');
  expect(pages.sort()).toEqual(codes.map((code) => `${code}.md`).sort());
});

test('the index has all of them, with the words of the program', () => {
  const rows = tableRows(read(`${PLACE}/README.md`)).filter(([code]) => code !== 'code');
  const wanted = codes.map((code) => [`[${code}](${code}.md)`, CODES[code], WORDS[code].title]);
  expect(rows.sort()).toEqual(wanted.sort());
});

test('every page says what the program says of its code', () => {
  for (const code of codes) {
    const { title, explanation } = WORDS[code];
    const severity = CODES[code];
    const begin = `# ${code} ${title}. It is ${severity === 'error' ? 'an' : 'a'} **${severity}**. ${explanation}`;
    expect(oneLine(page(code)).slice(0, begin.length)).toBe(begin);
  }
});

test('the examples are what the program says', () => {
  for (const code of Object.keys(CASES) as OwnCode[]) {
    const findings = withChecked(CASES[code][0]!, (image) => checkImage(image).findings);
    const finding = findings.find((one) => one.code === code)!;
    const { message, remedy } = tell(finding);
    const at = finding.path === null ? '' : `${printable(finding.path)}: `;
    expect(page(code)).toContain(`\`\`\`text\n${at}${message}.\nWhat to do: ${remedy}.\n\`\`\`\n`);
  }
});

test('links lead somewhere, and lines can be read in a terminal', () => {
  for (const name of readdirSync(join(CHECKOUT, PLACE))) {
    expect(brokenLinks(`${PLACE}/${name}`)).toEqual([]);
    const lines = read(`${PLACE}/${name}`)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .split('\n');
    expect(lines.filter((line) => line.length > 130 && !line.startsWith('| '))).toEqual([]);
  }
});
