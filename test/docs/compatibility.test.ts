import { INTENDED_DIFFERENCES } from '../differential/intended-differences.js';
import { codeWords, read, section, tableRows } from './markdown.js';

const text = read('docs/compatibility.md');
const ids = Object.keys(INTENDED_DIFFERENCES);

test('every intended difference has a row, and every row is one', () => {
  const rows = tableRows(section(text, 'Where the result differs'));
  const named = rows.flatMap((row) => codeWords(/\((`[\w-]+`)\)$/.exec(row[0]!)?.[1] ?? ''));
  expect(named.sort()).toEqual(ids.sort());
});

test('every row of a difference names the test that shows it', () => {
  const rows = tableRows(section(text, 'Where the result differs')).filter((row) => row[0] !== 'difference');
  expect(rows.filter((row) => !/^`test\/[\w/.-]+\.test\.ts`$/.test(row.at(-1)!))).toEqual([]);
});

test('the versions of older originals are right', () => {
  const rows = tableRows(section(text, 'Older originals')).filter((row) => row[0] !== 'difference');
  for (const [name, upTo] of rows) {
    const difference = Object.entries(INTENDED_DIFFERENCES).find(([id]) =>
      name!.endsWith(`(\`${id}\`)`),
    )?.[1];
    expect({ name, upTo }).toEqual({
      name,
      upTo: difference && 'until' in difference ? String(difference.until) : undefined,
    });
  }
});

test('the tests name the differences that stand beside them', () => {
  for (const row of tableRows(section(text, 'Where the result differs'))) {
    const id = codeWords(/\((`[\w-]+`)\)$/.exec(row[0]!)?.[1] ?? '')[0];
    const difference = Object.entries(INTENDED_DIFFERENCES).find(([name]) => name === id)?.[1];
    // A standing one shows in every test of its kind.
    if (id === undefined || difference === undefined || ('standing' in difference && difference.standing))
      continue;
    expect({ id, named: read(codeWords(row.at(-1)!)[0]!).includes(`'${id}'`) }).toEqual({ id, named: true });
  }
});
