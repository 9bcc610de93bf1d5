// Makes the tables of docs/performance.md, and one file of JSON, of what scripts/bench.sh has measured: arguments are the
// directory with the results of hyperfine, strace and time, and the file to write.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const [directory, output] = process.argv.slice(2);
/** What is measured; `goal` is the largest part of the original's time that the executable may take. */
const {
  programs: PROGRAMS,
  corners: CORNERS,
  start: START,
  starts: STARTS,
  subjects: SUBJECTS,
} = JSON.parse(readFileSync(new URL('bench-subjects.json', import.meta.url), 'utf8'));

const read = (name) => {
  const file = join(directory, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};
const perProgram = (get) => Object.fromEntries(PROGRAMS.map((program, number) => [program, get(number)]));

/** Milliseconds; `null` if it was not measured. */
function medianOf(name) {
  const text = read(name);
  return text === null ? null : JSON.parse(text).results[0].median * 1000;
}

/** Peak of the resident set, in KiB. */
function memoryOf(name) {
  const text = read(name);
  return text === null ? null : Number(text.trim().split('\n').at(-1));
}

/** What strace(1) has seen: processes and threads beside the first, and system calls of all of them. */
function countsOf(name) {
  const text = read(name);
  if (text === null) return null;
  const calls = text.split('\n').filter((line) => /^\d+ +\w+\(/.test(line));
  const made = calls.filter((line) => /^\d+ +(v?fork|clone3?)\(/.test(line));
  const threads = made.filter((line) => line.includes('CLONE_THREAD')).length;
  return { processes: made.length - threads, threads, systemCalls: calls.length };
}

const measured = SUBJECTS.map(({ name, title, goal }) => {
  const medians = perProgram((number) => medianOf(`result-${name}-${number}.json`));
  return {
    name,
    title,
    goal,
    medians,
    ratio: medians.original === null ? null : medians.executable / medians.original,
    counts: perProgram((number) => countsOf(`trace-${name}-${number}`)),
    memory: perProgram((number) => memoryOf(`memory-${name}-${number}`)),
  };
});

const starts = STARTS.map(({ name, title }) => ({ name, title, median: medianOf(`result-start-${name}.json`) }));

/** Milliseconds that one more extension takes, between two sizes of a merge. */
function growthOf(from, to) {
  const [[few, less], [many, more]] = [from, to].map((size) => {
    const { medians } = measured.find(({ name }) => name === (size === 10 ? 'merge' : `merge-${size}`));
    return [size, medians.executable];
  });
  return { from, to, each: (more - less) / (many - few) };
}
const growth = [growthOf(10, 100), growthOf(100, 400)];

const machine = {
  processor: `${cpus().length} × ${cpus()[0].model}`,
  kernel: `Linux ${release()}`,
  mount: execFileSync('mount', ['--version'], { encoding: 'utf8' }).split(' (')[0].trim(),
  node: `Node ${process.version}`,
  original: execFileSync('sh', ['-c', '$ORIGINAL --version'], { encoding: 'utf8' }).split('\n')[0],
};
writeFileSync(output, `${JSON.stringify({ machine, starts, measured, growth }, null, 2)}\n`);

const ms = (value) => (value === null ? '' : `${value.toFixed(1)} ms`);
const times = (value) => (value === null ? '' : value.toFixed(value < 0.1 ? 3 : 2));
const counts = (value) => (value === null ? '' : `${value.processes} / ${value.systemCalls}`);
const mib = (value) => (value === null ? '' : `${Math.round(value / 1024)} MiB`);
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const each = (values, format) => PROGRAMS.map((program) => format(values[program]));

console.log(`${Object.values(machine).join('; ')}.\n`);
console.log(
  table(
    [CORNERS.times, 'executable', 'with Node', 'original', 'ratio', 'goal'],
    measured.map(({ title, goal, medians, ratio }) => [title, ...each(medians, ms), times(ratio), times(goal)]),
  ),
);
console.log(
  `\nOne more directory takes ${growth.map(({ from, to, each }) => `${each.toFixed(2)} ms from ${from} to ${to} of them`).join(', ')}.\n`,
);
console.log(
  table(
    [CORNERS.counts, 'executable', 'with Node', 'original'],
    measured.map(({ title, counts: found }) => [title, ...each(found, counts)]),
  ),
);
console.log();
console.log(table([START, 'executable'], starts.map(({ title, median }) => [title, ms(median)])));
console.log();
console.log(
  table(
    [CORNERS.memory, 'executable', 'with Node', 'original'],
    measured.map(({ title, memory }) => [title, ...each(memory, mib)]),
  ),
);
