import { SCENARIOS } from '../e2e/faults/scenarios.js';
import { codeWords, read, section, tableRows } from './markdown.js';

const text = read('docs/reliability.md');

test('the README leads to it', () => {
  expect(read('README.md')).toContain('(docs/reliability.md)');
});

test('all surroundings in which steps fail have a row, and no others', () => {
  const rows = tableRows(section(text, 'Every step fails once')).map((row) =>
    row[0]!.replace(/ \(.*\)$/, ''),
  );
  const names = rows.slice(rows.indexOf('surroundings') + 1, rows.indexOf('run'));
  expect(names).toEqual(SCENARIOS.map(({ name }) => name));
});

test.each(['What is promised', 'Odd machines'])('each row of %j names the test that shows it', (heading) => {
  const [, ...rows] = tableRows(section(text, heading));
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    const tests = codeWords(row.at(-1)!);
    expect({ row: row[0], tests }).toEqual({
      row: row[0],
      tests: expect.arrayContaining([expect.anything()]),
    });
    for (const name of tests) expect(name).toMatch(/^test\/.*\.test\.ts$/);
  }
});
