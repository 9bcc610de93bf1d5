import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface NamespaceOptions {
  /**
   * Mount an empty tmpfs at /run (the default), as it is on a running machine; `false` leaves it as it is, which in a
   * container is mostly no mount point.
   */
  readonly run?: boolean;
  /** Propagation of all mounts: `shared` (the default) as systemd sets it up, `private` as container engines do. */
  readonly propagation?: 'shared' | 'private';
}

export interface RunOptions {
  /** The whole environment of the command; the one of this process if it is not given. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Milliseconds after which the command is killed; 30,000 if it is not given. */
  readonly timeout?: number;
}

/** How a command ended. `status` is 128 and the number of the signal, as in a shell, for a killed one. */
export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A line of /proc/PID/mountinfo, as proc_pid_mountinfo(5) names the fields, with the paths unescaped. */
export interface MountEntry {
  readonly id: number;
  readonly parent: number;
  /** `major:minor` */
  readonly device: string;
  readonly root: string;
  readonly mountPoint: string;
  /** Flags of this mount: `['ro', 'nodev', 'relatime']`. */
  readonly options: readonly string[];
  readonly type: string;
  readonly source: string;
  /** Options of the file system. */
  readonly superOptions: readonly string[];
}

/**
 * A mount namespace of its own, held open by a process that ends with this one. Files in it are reached from outside
 * by {@link path}, commands run in it by {@link run}; closing it takes all its mounts away. Without root it comes with
 * a user namespace in which the user is root: good for overlays of directories, not for loop devices.
 */
export class Namespace {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** @throws Error with what unshare(1) or mount(8) said */
  static async open({ run = true, propagation = 'shared' }: NamespaceOptions = {}): Promise<Namespace> {
    const script = [
      'set -e',
      ...(run ? ['mount -t tmpfs -o mode=0755 tmpfs /run'] : []),
      // unshare(1) makes everything private. New peer groups of this namespace do not reach the machine's mounts.
      ...(propagation === 'shared' ? ['mount --make-rshared /'] : []),
      'echo ready',
      'exec cat >/dev/null',
    ].join('\n');
    const holder = spawn('unshare', [...(isRoot() ? [] : AS_ROOT), '--mount', 'sh', '-c', script]);
    const said = text(holder.stderr);
    // The holder lives as long as its standard input is open, so a killed test run leaves none behind.
    const ready = await Promise.race([once(holder.stdout, 'data').then(() => true), once(holder, 'close')]);
    if (ready === true) return new Namespace(holder);
    throw new Error(`no mount namespace: ${(await said).trim()}`);
  }

  /** An absolute path of the namespace as this process can open it. The path itself must be free of symlinks. */
  path(path: string): string {
    return join('/proc', String(this.#pid), 'root', path);
  }

  /** Runs a command in the namespace, in `/`. A status other than 0 is no error. */
  async run(
    command: readonly string[],
    { env, input = '', timeout = 30_000 }: RunOptions = {},
  ): Promise<Finished> {
    const enter = [
      '--target',
      String(this.#pid),
      '--mount',
      ...(isRoot() ? [] : ['--user', '--preserve-credentials']),
    ];
    const child = spawn('nsenter', [...enter, '--', ...command], {
      env: { ...(env ?? process.env) },
      timeout,
      killSignal: 'SIGKILL',
    });
    // A command that reads no input may be gone before it is written.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { status: code ?? (signal === 'SIGKILL' ? 137 : 255), stdout, stderr };
  }

  /** Like {@link run}, for a command whose failure is a failure of the test. @throws Error with what it said */
  async must(command: readonly string[], options: RunOptions = {}): Promise<string> {
    const { status, stdout, stderr } = await this.run(command, options);
    if (status !== 0) throw new Error(`${command.join(' ')}: exit status ${status}: ${stderr.trim()}`);
    return stdout;
  }

  /** The mount table as it is now, in the order of mounting. */
  mounts(): MountEntry[] {
    return parseMountinfo(readFileSync(`/proc/${this.#pid}/mountinfo`, 'utf8'));
  }

  async close(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const closed = once(this.#holder, 'close');
    this.#holder.stdin?.end();
    await closed;
  }

  get #pid(): number {
    return this.#holder.pid!;
  }
}

/** Does something in a namespace of its own and closes it, whatever happens. */
export async function inNamespace<T>(
  action: (namespace: Namespace) => Promise<T>,
  options: NamespaceOptions = {},
): Promise<T> {
  const namespace = await Namespace.open(options);
  try {
    return await action(namespace);
  } finally {
    await namespace.close();
  }
}

export function parseMountinfo(table: string): MountEntry[] {
  return table.split('\n').filter(Boolean).map(parseLine);
}

const AS_ROOT = ['--user', '--map-root-user'];

const isRoot = (): boolean => process.getuid?.() === 0;

/** 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue */
function parseLine(line: string): MountEntry {
  const [own, fileSystem] = line.split(' - ', 2) as [string, string];
  const [id, parent, device, root, mountPoint, options] = own.split(' ') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const [type, source, superOptions] = fileSystem.split(' ') as [string, string, string];
  return {
    id: Number(id),
    parent: Number(parent),
    device,
    root: unescapePath(root),
    mountPoint: unescapePath(mountPoint),
    options: options.split(','),
    type,
    source: unescapePath(source),
    superOptions: unescapePath(superOptions).split(','),
  };
}

/** The kernel writes space, tab, newline and backslash as three octal digits; other bytes of UTF-8 stay as they are. */
function unescapePath(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
