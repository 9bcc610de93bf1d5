import { read, section, tableRows } from './markdown.js';

const { subjects, corners } = JSON.parse(read('scripts/bench-subjects.json')) as {
  subjects: readonly { title: string; goal: number | null }[];
  corners: Readonly<Record<'times' | 'counts' | 'memory', string>>;
};

const rows = tableRows(section(read('docs/performance.md'), 'Measured'));

/** The rows of the table with a first cell, without its header. */
function tableOf(corner: string): string[][] {
  const start = rows.findIndex(([cell]) => cell === corner);
  return start < 0 ? [] : rows.slice(start + 1, start + 1 + subjects.length);
}

test.each(Object.values(corners))('the table “%s” has each row of the benchmark', (corner) => {
  expect(tableOf(corner).map(([title]) => title)).toEqual(subjects.map(({ title }) => title));
});

test('the goals are those of the benchmark', () => {
  const goals = subjects.map(({ goal }) => (goal === null ? '' : goal.toFixed(goal < 0.1 ? 3 : 2)));
  expect(tableOf(corners.times).map((cells) => cells.at(-1))).toEqual(goals);
});

test('the text has no more rows than that', () => {
  expect(rows).toHaveLength(Object.keys(corners).length * (subjects.length + 1));
});
