import { readFileSync } from 'node:fs';
import { classOfProgram } from '../extension-class.js';

/** The self-contained executable has it built in (scripts/build-standalone.sh); elsewhere there is no such name. */
declare const SYSEXT_VERSION: string;

/** Whether this is the self-contained executable, and not a script that Node runs. */
const isStandalone = typeof SYSEXT_VERSION === 'string';

/** As in package.json. */
export function programVersion(): string {
  if (isStandalone) return SYSEXT_VERSION;
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** Interpreter, name it was called by, arguments. In an executable made by Bun `process.argv[1]` is a name inside of it. */
export function commandLineOfSelf(): string[] {
  const [interpreter, name, ...words] = process.argv;
  return [interpreter!, isStandalone ? process.argv0 : name!, ...words];
}

/** The words that start this program once more with the same arguments. */
export function wordsToRepeat(): string[] {
  const [, name, ...words] = commandLineOfSelf();
  if (!isStandalone) return [process.execPath, ...process.execArgv, name!, ...words];
  // It is started by its own name, whatever this one was called by. An option of the arguments counts more: it comes later.
  return [process.execPath, `--class=${classOfProgram(name!).name}`, ...words];
}
