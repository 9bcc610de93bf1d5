import { basename } from 'node:path';
import type { Finding, Severity } from '../../finding.js';
import { isInProgramDirectory, PROGRAM_DIRECTORIES, type ScriptOfImage } from '../programs.js';
import { type Shebang, wantedOfEnv } from '../shebang.js';
import type { Look, Surroundings } from '../surroundings.js';
import { type Case, grouped } from './group.js';

/** Scripts whose interpreter is neither in the image nor on the host. */
export function checkScripts(scripts: readonly ScriptOfImage[], surroundings: Surroundings): Finding[] {
  const cases = scripts.flatMap(({ place: { path }, shebang }): Case[] => {
    const detail = problemOf(shebang, surroundings);
    return detail === null ? [] : [{ path, detail, severity: severityOf(path) }];
  });
  return grouped('missing-script-interpreter', cases);
}

/** Many packages have examples for interpreters that they do not need. */
function severityOf(path: string): Severity {
  if (isInProgramDirectory(path)) return 'error';
  return /^\/usr\/(local\/)?share\/|\/(examples?|docs?|tests?)\//.test(path) ? 'note' : 'warning';
}

function problemOf(shebang: Shebang, surroundings: Surroundings): Finding['detail'] | null {
  const { interpreter, argument, isCut } = shebang;
  if (isCut) return { interpreter, why: 'too-long' };
  // Looked for in the working directory: works for nobody else.
  if (!interpreter.startsWith('/')) return { interpreter, why: 'relative' };
  if (surroundings.find(interpreter) === 'missing')
    return { interpreter, why: interpreter.endsWith('\r') ? 'line-end' : 'missing' };
  if (basename(interpreter) !== 'env') return null;
  const wanted = wantedOfEnv(argument);
  if (wanted.kind === 'none') return null;
  const { name } = wanted;
  if (wanted.kind === 'not-split') return { interpreter, command: name, why: 'not-split' };
  const isMissing = name.includes('/')
    ? name.startsWith('/') && surroundings.find(name) === 'missing'
    : findInPath(name, surroundings) === 'missing';
  if (!isMissing) return null;
  return { interpreter, command: name, why: name.endsWith('\r') ? 'line-end' : 'missing' };
}

function findInPath(name: string, surroundings: Surroundings): Look {
  let nothing: Look = 'missing';
  for (const directory of PROGRAM_DIRECTORIES) {
    const look = surroundings.find(`${directory}/${name}`);
    if (typeof look !== 'string') return look;
    if (look === 'unknown') nothing = look;
  }
  return nothing;
}
