import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.js';

const PRELOADED = `const Module = require('module');
const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === 'koffi') throw new Error('not installed');
  return load(name, ...rest);
};
`;

/** The environment of a Node that does not find koffi, so that it has no way to call the C library. */
export function withoutKoffi(machine: Machine): Record<string, string> {
  const file = join(machine.directory, 'without-koffi.cjs');
  writeFileSync(file, PRELOADED);
  return { NODE_OPTIONS: `--require=${file}` };
}
