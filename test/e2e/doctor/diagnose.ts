import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DiagnosisJson, readDiagnosis } from '../../support/doctor-schema.js';
import type { CallOptions, Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

/** A directory for temporary files of this machine alone: what others leave in the usual one is not to be found. */
export function temporaryOf(machine: Machine): string {
  const directory = join(machine.directory, 'temporary');
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o1777);
  return directory;
}

/** Calls it, and sees to it that only what it is told to take away goes. */
export async function doctor(machine: Machine, words = '', options: CallOptions = {}): Promise<Finished> {
  const before = machine.state();
  const env = { TMPDIR: temporaryOf(machine), ...options.env };
  const finished = await machine.call(`doctor ${words}`.trim(), { ...options, env });
  if (!words.includes('--fix')) await machine.expectState(before);
  return finished;
}

/** The diagnosis, which must come with this exit status and without any message. */
export async function diagnose(
  machine: Machine,
  status: number,
  words = '',
  options: CallOptions = {},
): Promise<DiagnosisJson> {
  return read(status, await doctor(machine, `${words} --json=short`.trim(), options));
}

/** The same by way of other programs. */
export async function diagnoseBy(
  machine: Machine,
  by: readonly string[],
  status: number,
): Promise<DiagnosisJson> {
  const command = [...by, ...programCommand(), `--root=${machine.root}`, 'doctor', '--json=pretty'];
  const env = { ...ENVIRONMENT, TMPDIR: temporaryOf(machine) };
  return read(status, await machine.namespace.run(command, { env }));
}

function read(status: number, finished: Finished): DiagnosisJson {
  expect({ ...finished, stdout: '' }).toEqual({ status, stdout: '', stderr: '' });
  const diagnosis = readDiagnosis(finished.stdout);
  expect(diagnosis.answer).toBe(['fit', 'unfit', 'untold'][status]);
  return diagnosis;
}

/** Code and subject of the checks with a verdict, of those for directories alone. */
export function checksThatAre(verdict: string, { checks }: DiagnosisJson): string[] {
  return checks
    .filter((check) => check.verdict === verdict && check.feature === 'directories')
    .map(({ code, subject }) => (subject === null ? code : `${code} ${subject}`));
}

export function check(diagnosis: DiagnosisJson, code: string, subject?: string) {
  const found = diagnosis.checks.find(
    (one) => one.code === code && (subject === undefined || one.subject === subject),
  );
  if (found === undefined) throw new Error(`no check ${code} ${subject}`);
  return found;
}
