// Opens, stats and executes files without a pause until a file named STOP is there; then prints what failed, as JSON.
// Arguments: STOP, then the files; those in a `bin` directory are executed.
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';

const [stop, ...files] = process.argv.slice(2);
const tools = files.filter((file) => file.includes('/bin/'));
const byte = Buffer.alloc(1);
/** `longest`: milliseconds from the first to the last of failures that follow each other. */
const seen = { looks: 0, runs: 0, failures: 0, longest: 0, examples: [] };
const since = new Map();

function attempt(count, file, action) {
  seen[count]++;
  try {
    action(file);
    since.delete(file);
  } catch (error) {
    seen.failures++;
    if (!since.has(file)) since.set(file, performance.now());
    seen.longest = Math.max(seen.longest, performance.now() - since.get(file));
    if (seen.examples.length < 3) seen.examples.push(String(error));
  }
}

function look(file) {
  statSync(file);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, byte);
  closeSync(descriptor);
}

function run(tool) {
  const { error, status } = spawnSync(tool, [], { stdio: 'ignore' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${tool} ended with ${status}`);
}

for (const file of files) look(file);
writeFileSync(`${stop}.ready`, '');
while (!existsSync(stop)) {
  for (let round = 0; round < 100; round++) for (const file of files) attempt('looks', file, look);
  for (const tool of tools) attempt('runs', tool, run);
}
console.log(JSON.stringify(seen));
