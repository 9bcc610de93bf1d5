import fc from 'fast-check';
import stringWidth from 'string-width';
import { formatTable } from '../../src/report/table.js';

/** Lines joined with newlines, so that blanks at the end are seen. */
const lines = (...text: string[]) => `${text.join('\n')}\n`;

test('one blank between columns, the last one is not filled up', async () => {
  const rows = [
    ['a', 'directory', '/var/lib/extensions/a'],
    ['longer', 'raw', '/x'],
  ];
  expect(await formatTable(['NAME', 'TYPE', 'PATH'], rows)).toBe(
    lines('NAME   TYPE      PATH', 'a      directory /var/lib/extensions/a', 'longer raw       /x'),
  );
});

test('without a header the widths are those of the cells', async () => {
  expect(await formatTable(null, [['/opt', '-', '-']])).toBe('/opt - -\n');
});

test('an empty last cell leaves a blank at the end, as in the original', async () => {
  const rows = [
    ['/usr', 'a', 'now'],
    ['', 'd', ''],
  ];
  expect(await formatTable(null, rows)).toBe(lines('/usr a now', '     d '));
});

test('nothing but a header; nothing at all', async () => {
  expect(await formatTable(['A', 'B'], [])).toBe('A B\n');
  expect(await formatTable(null, [])).toBe('');
});

test.each([
  ['wide characters', '扩展', '扩展 |'],
  ['combining characters', 'e\u0301e\u0301', 'e\u0301e\u0301   |'],
  ['characters beyond the basic plane', '😀', '😀   |'],
  ['umlauts', 'äöü', 'äöü  |'],
])('%s take the columns that a terminal gives them', async (_, cell, first) => {
  expect(await formatTable(['NAME', 'X'], [[cell, '|']])).toBe(lines('NAME X', first));
});

test('what could change the terminal is written as an escape, and counted like that', async () => {
  expect(await formatTable(['NAME', 'X'], [['a\x1b[31m\n', '|']])).toBe(
    lines('NAME        X', 'a\\x1b[31m\\n |'),
  );
});

test('any cells: as many lines as rows, and each column begins at the same place', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 8 });
  const rows = fc.array(fc.tuple(cell, cell, fc.constant('|')), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(rows, async (table) => {
      const output = (await formatTable(null, table)).split('\n');
      expect(output).toHaveLength(table.length + 1);
      expect(output.pop()).toBe('');
      expect(new Set(output.map((line) => stringWidth(line))).size).toBe(1);
    }),
    { numRuns: 50 },
  );
});
