import { dirname, join, normalize } from 'node:path';
import { read, section, tableRows } from './markdown.js';

const { subjects, corners, start, starts } = JSON.parse(read('scripts/bench-subjects.json')) as {
  subjects: readonly { title: string; goal: number | null }[];
  corners: Readonly<Record<'times' | 'counts' | 'memory', string>>;
  start: string;
  starts: readonly { title: string }[];
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

test('so has the table of what the runtime takes', () => {
  const first = rows.findIndex(([cell]) => cell === start) + 1;
  expect(rows.slice(first, first + starts.length).map(([title]) => title)).toEqual(
    starts.map(({ title }) => title),
  );
});

test('the text has no more rows than that', () => {
  expect(rows).toHaveLength(Object.keys(corners).length * (subjects.length + 1) + starts.length + 1);
});

/** Modules that are imported by others before anything is done: all but those that `import()` and `require()` load. */
function loadedWith(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, kind, name] of read(file).matchAll(/^(import|export)\b[^;]*?from '(\.[^']+)\.js';/gms)) {
    if (kind !== undefined && !isTypeOnly(file, name!))
      loadedWith(`${normalize(join(dirname(file), name!))}.ts`, seen);
  }
  return seen;
}

const isTypeOnly = (file: string, name: string): boolean =>
  new RegExp(`^(import|export) type [^;]*?from '${name.replaceAll('.', '\\.')}\\.js';`, 'm').test(
    read(file),
  ) &&
  !new RegExp(`^(import|export) (?!type )[^;]*?from '${name.replaceAll('.', '\\.')}\\.js';`, 'm').test(
    read(file),
  );

test.each(['status', 'list', 'merge', 'refresh', 'unmerge'])(
  '%s does not load what only disk images, errors and services need',
  (verb) => {
    const loaded = [...loadedWith(`src/cli/verbs/${verb}.ts`), ...loadedWith('src/cli/main.ts')];
    expect(loaded.length).toBeGreaterThan(20);
    const needless =
      /^src\/(report\/errors|images\/(examine|dissect)|images\/verity\/|mount\/open-extensions|services\/)/;
    expect(loaded.filter((file) => needless.test(file))).toEqual([]);
  },
);
