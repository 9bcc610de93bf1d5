import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FileSystemType } from '../../src/images/identify.js';
import { PREFIX } from '../e2e/leftovers.js';
import { FaultyPath } from './fault.js';
import { loopDevices } from './loop-devices.js';
import { type ImageOptions, makeImage } from './make-images.js';
import { type Finished, type MountEntry, Namespace, type NamespaceOptions } from './namespace.js';
import { observeTree } from './observe-tree.js';
import { ENVIRONMENT, type ProgramName, programCommand } from './program.js';
import { buildTree, type Tree } from './tree.js';
import { until } from './until.js';

export interface MachineOptions extends NamespaceOptions {
  /** The files below its root. */
  readonly tree?: Tree;
}

export interface CallOptions {
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The program's name, which selects the class. */
  readonly as?: ProgramName;
  /** External commands are found here first. */
  readonly faults?: FaultyPath;
  /** Another `--root=`; `null` for none. */
  readonly root?: string | null;
  /** The words of a program that runs it, strace(1) say. */
  readonly under?: readonly string[];
  /** Milliseconds after which the call is killed, if not those of {@link Namespace.run}. */
  readonly timeout?: number;
}

/** All that a call of the program may change, in a form to be compared. */
export interface State {
  /** The mount table without what others mount for themselves in the directory for temporary files; sorted. */
  readonly mounts: readonly string[];
  /** Loop devices of image files of this machine. */
  readonly loops: readonly string[];
  /** All below /run; if that is the machine's own, only what has to do with this root. */
  readonly run: readonly string[];
  /** All files below the root, as they are seen. */
  readonly tree: readonly string[];
}

/** Programs of a test's own are there to be called. */
const PREFER_PROGRAMS = { SYSEXT_PREFER_PROGRAMS: '1' };

/**
 * A machine to try the program on: a temporary directory with a root for `--root=`, and a mount namespace, so that
 * nothing that is mounted is seen by anybody else.
 */
export class Machine {
  readonly namespace: Namespace;
  /** For other files of a test, not below the root. Free of symlinks, as all paths here. */
  readonly directory: string;
  /** The same path in the namespace and outside, where it shows nothing of what is mounted. */
  readonly root: string;

  readonly #ownsRun: boolean;
  readonly #faults: FaultyPath[] = [];
  readonly #calls: Promise<Finished>[] = [];

  private constructor(namespace: Namespace, directory: string, ownsRun: boolean) {
    this.namespace = namespace;
    this.#ownsRun = ownsRun;
    this.directory = directory;
    this.root = join(directory, 'root');
  }

  static async open({ tree = {}, ...options }: MachineOptions = {}): Promise<Machine> {
    const directory = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)));
    const machine = new Machine(await Namespace.open(options), directory, options.run ?? true);
    mkdirSync(machine.root);
    buildTree(machine.root, tree);
    return machine;
  }

  /** A path below the root, as this process can open it, with all that is mounted. */
  at(path: string): string {
    return this.namespace.path(join(this.root, path));
  }

  /** The content of a file below the root, `null` if there is none. */
  read(path: string): string | null {
    return existsSync(this.at(path)) ? readFileSync(this.at(path), 'utf8') : null;
  }

  /** Calls the program in the namespace. @param words verb and options; a string is split at its spaces */
  call(words: string | readonly string[], options: CallOptions = {}): Promise<Finished> {
    const { env = {}, as, faults, root = this.root, under = [], timeout } = options;
    const args = typeof words === 'string' ? words.split(' ') : words;
    const command = [...under, ...programCommand(as), ...(root === null ? [] : [`--root=${root}`]), ...args];
    // By env(1), because what starts it must be found in the usual PATH.
    const { PATH: path = faults?.path, ...others } = env;
    const preferred = path === undefined ? {} : PREFER_PROGRAMS;
    const finished = this.namespace.run(path === undefined ? command : ['env', `PATH=${path}`, ...command], {
      env: { ...ENVIRONMENT, ...preferred, ...others },
      ...(timeout === undefined ? {} : { timeout }),
    });
    this.#calls.push(finished);
    return finished;
  }

  /** Makes an image file below the root. @param files what is in it */
  addImage(type: FileSystemType, path: string, files: Tree, options: ImageOptions = {}): void {
    const source = mkdtempSync(join(this.directory, 'source-'));
    buildTree(source, files);
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    makeImage(type, source, join(this.root, path), options);
    rmSync(source, { recursive: true });
  }

  /** A directory of stand-ins for external commands. */
  faults(): FaultyPath {
    const faults = new FaultyPath(mkdtempSync(join(this.directory, 'path-')));
    this.#faults.push(faults);
    return faults;
  }

  /** What is mounted at and below the root. */
  mounts(): MountEntry[] {
    return this.namespace.mounts().filter(({ mountPoint }) => mountPoint.startsWith(`${this.root}/`));
  }

  state(): State {
    return {
      mounts: this.namespace
        .mounts()
        .filter(({ mountPoint }) => !mountPoint.startsWith(`${tmpdir()}/`) || this.#isOurs(mountPoint))
        .map(describeMount)
        .sort(),
      loops: loopDevices(this.directory),
      run: filesBelow(this.namespace.path('/run')).filter(
        (path) => this.#ownsRun || path.includes(this.#key),
      ),
      tree: Object.values(observeTree(this.namespace.path(this.root))).flatMap((lines) => lines.split('\n')),
    };
  }

  /** Fails unless all is as it was. The kernel lets go of a loop device a moment after its last user. */
  async expectState(before: State): Promise<void> {
    await until('loop devices to go', () => loopDevices(this.directory).length <= before.loops.length).catch(
      () => {},
    );
    expect(this.state()).toEqual(before);
  }

  /** Part of the names of all that the program makes below /run for this root. */
  get #key(): string {
    return `-${statSync(this.root).ino}`;
  }

  #isOurs(path: string): boolean {
    return path.startsWith(`${this.directory}/`);
  }

  /** Ends with all calls ended, also with those that a failed test has left. */
  async close(): Promise<void> {
    for (const faults of this.#faults) faults.releaseAll();
    await Promise.allSettled(this.#calls);
    await this.namespace.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Does something on a machine of its own, which is gone afterwards whatever happens. */
export async function onMachine<T>(
  options: MachineOptions,
  action: (machine: Machine) => Promise<T>,
): Promise<T> {
  const machine = await Machine.open(options);
  try {
    return await action(machine);
  } finally {
    await machine.close();
  }
}

/** A mount without the numbers that the kernel counts up. */
function describeMount({
  mountPoint,
  device,
  root,
  type,
  source,
  options,
  superOptions,
}: MountEntry): string {
  return [mountPoint, device, root, type, source, options, superOptions].join(' ');
}

function filesBelow(directory: string): string[] {
  return (readdirSync(directory, { recursive: true }) as string[]).sort();
}
