import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExtensionClass } from '../../src/extension-class.js';
import { commandDirectories, findCommand } from '../support/debian.js';
import { debianTrees, treeCommand } from '../support/debian-tree.js';
import { STANDALONE } from '../support/program.js';

type ClassName = ExtensionClass['name'];

/** A program to compare: ours, an original, or in the tests of this suite one that does something wrong. */
export interface Program {
  readonly name: string;
  /** The words that start it as the program of a class; verb and options follow. */
  readonly command: (cls: ClassName) => readonly string[];
}

/** An original, and its version: `252`, `262`. */
export interface Oracle extends Program {
  readonly version: number;
  /** The words that start another program of the same systemd; `null` if it is not there. */
  readonly tool: (name: string) => readonly string[] | null;
}

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** The whole environment of every call; a scenario adds to it. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: commandDirectories().join(':'),
  HOME: '/',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
};

/**
 * Our program, or what `SYSEXT_SUBJECT` names in its place: the path of an executable. Ours is the self-contained one if
 * it was built after the other, because it starts so much faster.
 *
 * @throws Error if ours was not built
 */
export function findSubject(): Program {
  const other = process.env['SYSEXT_SUBJECT'];
  if (other) return { name: basename(other), command: systemdCommand(other) };
  const script = statSync(join(CHECKOUT, 'dist/cli/main.js'), { throwIfNoEntry: false });
  const standalone = statSync(STANDALONE, { throwIfNoEntry: false });
  if (standalone !== undefined && standalone.mtimeMs >= (script?.mtimeMs ?? 0))
    return { name: 'ours', command: systemdCommand(STANDALONE) };
  if (script === undefined) throw new Error('there is no program to test: run "npm run build"');
  return { name: 'ours', command: (cls) => [process.execPath, join(CHECKOUT, 'bin', cls)] };
}

/** What to say where {@link findOracles} finds none. */
export const NO_ORACLE =
  'there is no systemd-sysext to compare with: install systemd, run scripts/oracle.sh as root, or set SYSEXT_ORACLE to the path of one';

/**
 * The originals of this machine, one of each version: the one `SYSEXT_ORACLE` names, a program or a Debian tree with
 * one; else the one in `PATH` and those in the trees that scripts/oracle.sh makes.
 *
 * @throws Error if `SYSEXT_ORACLE` names something that is no systemd-sysext
 */
export function findOracles(): Oracle[] {
  const explicit = process.env['SYSEXT_ORACLE'];
  if (explicit) {
    const oracle = oracleAt(explicit);
    if (oracle === null) throw new Error(`SYSEXT_ORACLE=${explicit} is no systemd-sysext that works`);
    return [oracle];
  }
  const installed = findCommand('systemd-sysext');
  const places = [...(installed === null ? [] : [installed]), ...debianTrees()];
  const oracles = places.map(oracleAt).filter((oracle) => oracle !== null);
  return [...new Map(oracles.map((oracle) => [oracle.version, oracle])).values()];
}

function oracleAt(path: string): Oracle | null {
  if (!existsSync(path)) return null;
  const isTree = statSync(path).isDirectory();
  const tool = isTree ? treeTool(realpathSync(path)) : besides(path);
  if (tool('systemd-sysext') === null && isTree) return null;
  const command: Program['command'] = isTree ? (cls) => tool(`systemd-${cls}`) ?? [] : systemdCommand(path);
  const [program, ...words] = command('sysext');
  const said = spawnSync(program!, [...words, '--version'], {
    encoding: 'utf8',
    env: { ...ENVIRONMENT },
  }).stdout;
  const version = /^systemd (\d+)/.exec(said ?? '')?.[1];
  return version === undefined
    ? null
    : { name: `systemd ${version}`, version: Number(version), command, tool };
}

/** systemd-confext is a link beside systemd-sysext: the name that it is called by decides the class. */
function systemdCommand(path: string): Program['command'] {
  return (cls) => [
    cls === 'sysext' ? path : join(dirname(path), basename(path).replace('sysext', 'confext')),
  ];
}

/** The other programs of a systemd that is installed. */
function besides(path: string): Oracle['tool'] {
  return (name) => {
    const file = join(dirname(path), name);
    return existsSync(file) ? [file] : null;
  };
}

/** A program of a Debian tree. */
function treeTool(tree: string): Oracle['tool'] {
  return (name) => treeCommand(tree, name);
}
