// Makes one table, and one file of JSON, of what scripts/bench.sh has measured: arguments are the directory with
// hyperfine's results, and the file to write.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';

const [directory, output] = process.argv.slice(2);

/** What is measured, and the largest part of the original's time that the executable may take. */
const SUBJECTS = [
  ['status', '`status`, 10 directories', 2],
  ['list', '`list`, 10 directories', 2],
  ['merge', '`merge` of 10 directories', 1],
  ['refresh', '`refresh` of 10 directories', 1],
  ['unmerge', '`unmerge` of 10 directories', 1],
  ['merge-squashfs', '`merge` of 50 squashfs images', 1 / 30],
  ['merge-gpt', '`merge` of 50 GPT images', 1 / 10],
  ['merge-100', '`merge` of 100 directories', null],
  ['merge-400', '`merge` of 400 directories', null],
];
const PROGRAMS = ['executable', 'node', 'original'];

/** Milliseconds; `null` if it was not measured. */
function median(name, number) {
  const file = join(directory, `result-${name}-${number}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).results[0].median * 1000 : null;
}

/** Peak of the resident set, in KiB. */
function memory(number) {
  const file = join(directory, `memory-${number}`);
  return existsSync(file) ? Number(readFileSync(file, 'utf8').trim().split('\n').at(-1)) : null;
}

const perProgram = (get) => Object.fromEntries(PROGRAMS.map((program, number) => [program, get(number)]));
const measured = SUBJECTS.map(([name, title, goal]) => {
  const medians = perProgram((number) => median(name, number));
  const ratio = medians.original === null ? null : medians.executable / medians.original;
  return { name, title, goal, medians, ratio };
});
const machine = {
  processor: `${cpus().length} × ${cpus()[0].model}`,
  kernel: release(),
  mount: execFileSync('mount', ['--version'], { encoding: 'utf8' }).trim(),
  node: process.version,
  original: execFileSync('sh', ['-c', '$ORIGINAL --version'], { encoding: 'utf8' }).split('\n')[0],
};
const peaks = perProgram(memory);
writeFileSync(output, `${JSON.stringify({ machine, measured, peaks }, null, 2)}\n`);

const ms = (value) => (value === null ? '' : `${value.toFixed(1)} ms`);
const times = (value) => (value === null ? '' : value.toFixed(value < 0.1 ? 3 : 2));
console.log(Object.values(machine).join('; '));
console.log('\n| median of whole processes | executable | with Node | original | ratio | goal |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const { title, goal, medians, ratio } of measured) {
  const cells = [title, ms(medians.executable), ms(medians.node), ms(medians.original), times(ratio), times(goal)];
  console.log(`| ${cells.join(' | ')} |`);
}
const mib = (value) => (value === null ? '' : `${(value / 1024).toFixed(0)} MiB`);
console.log(`| peak memory of \`merge\` | ${PROGRAMS.map((program) => mib(peaks[program])).join(' | ')} | | |`);
