import { spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Assertion } from '../../expect/assertion.js';
import { DEFAULT_PATH } from '../../host/process.js';
import { errorCode } from '../../host/root.js';
import type { FoundCommand } from '../../report/expect/result.js';
import { type Evaluation, verdictOf } from './evaluation.js';
import type { LiveState } from './live-state.js';

type CommandAssertion = Extract<Assertion, { kind: 'command' }>;

/** What is kept of what a command prints; it is stopped when it prints more, which is enough to know that it works. */
const MAX_OUTPUT = 16 * 1024 * 1024;

/**
 * Whether a program is found as a shell finds it, through PATH, and if it has to work: runs it, without a shell, with the
 * environment of this process and nothing to read.
 */
export function findCommand(assertion: CommandAssertion, { context }: LiveState): Evaluation {
  if (context.root !== '/') return { verdict: 'untold', found: { kind: 'other-root', root: context.root } };
  const found = lookFor(assertion.program, context.env['PATH'] || DEFAULT_PATH);
  if (found.kind !== 'program' || assertion.works === null)
    return { verdict: verdictOf(found.kind === 'program'), found };
  const ended = run(found.path, assertion, assertion.works.seconds);
  return { verdict: verdictOf(ended.kind === 'ended' && ended.status === 0), found: ended };
}

function lookFor(program: string, searchPath: string): FoundCommand {
  const searched = searchPath.split(':').map((directory) => directory || '.');
  const paths = program.includes('/') ? [program] : searched.map((directory) => join(directory, program));
  const files = paths.filter(isFile);
  const path = files.find(isExecutable);
  if (path !== undefined) return { kind: 'program', path };
  const [other] = files;
  if (other !== undefined) return { kind: 'not-executable', path: other };
  return { kind: 'no-program', program, searched: program.includes('/') ? [] : searched };
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(path: string, { program, args }: CommandAssertion, seconds: number): FoundCommand {
  const { status, signal, error, stdout, stderr } = spawnSync(path, args, {
    argv0: program,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: seconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_OUTPUT,
    encoding: 'latin1',
  });
  if (errorCode(error) === 'ETIMEDOUT') return { kind: 'timed-out', path, seconds };
  const said = lastLineOf(stderr ?? '') || lastLineOf(stdout ?? '');
  if (signal !== null) return { kind: 'killed', path, signal, said };
  if (status === null) return { kind: 'not-started', path, cause: error };
  return { kind: 'ended', path, status, said };
}

function lastLineOf(text: string): string {
  return Buffer.from(text.trimEnd().split('\n').at(-1) ?? '', 'latin1').toString('utf8');
}
