import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { findCommand, provide } from '../support/debian.js';
import { IMAGE_TOOLS } from '../support/make-images.js';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** The checkout and Node in every container: not below /usr, where a merge would hide them. */
const PROGRAM = '/sysext/bin';
const NODE = '/node';

/** Milliseconds that a call of podman may take: what hangs in a container can take the loop devices of the whole machine. */
const LIMIT = 120_000;

export interface ContainerOptions {
  /** With `--privileged`: the default, and what mounting needs. */
  readonly privileged?: boolean;
  /** A tmpfs at /run, as on a machine that systemd has booted; else /run is a directory like others. */
  readonly run?: boolean;
  /** Shared mount propagation, as systemd sets it up; else private, as podman does. */
  readonly shared?: boolean;
  /** A directory of this machine, to be seen read-only at /fixtures. */
  readonly fixtures?: string;
  /** `none`: of its own, and connected with nothing; else it has the machine's. */
  readonly network?: 'none';
  /** Milliseconds that a call of podman may take, if not as long as most. */
  readonly limit?: number;
  /** More options of podman-run(1). */
  readonly more?: readonly string[];
}

export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A running container on an overlay of a Debian tree, so that the tree itself is never changed. No image is pulled;
 * all that podman keeps is in a temporary directory that goes with the container.
 */
export class Container {
  private constructor(
    readonly id: string,
    private readonly podman: Podman,
  ) {}

  /**
   * @param first the first process in it. By default one that ends by itself, should this process be killed
   * @throws Error with what podman said
   */
  static async start(
    tree: string,
    options: ContainerOptions = {},
    first: readonly string[] = ['sleep', '600'],
  ): Promise<Container> {
    const podman = new Podman(options.limit);
    try {
      const command = ['run', '--detach', ...runOptions(tree, options), ...first];
      const id = must(await podman.run(command)).trim();
      const container = new Container(id, podman);
      if (options.shared) await container.must('mount', '--make-rshared', '/');
      return container;
    } catch (error) {
      podman.remove();
      throw error;
    }
  }

  /** Runs a command in a container that is gone afterwards. @param nested its root is an overlay on an overlay */
  static async run(
    tree: string,
    options: ContainerOptions,
    command: readonly string[],
    nested = false,
  ): Promise<Finished> {
    const podman = new Podman(options.limit);
    try {
      if (!nested) return await podman.run(['run', '--rm', ...runOptions(tree, options), ...command]);
      const lower = podman.makeDirectory('lower');
      const merged = podman.makeDirectory('merged');
      const script = 'mount -t overlay -o "$1" overlay "$2" && shift 2 && exec "$@"';
      const around = ['unshare', '--mount', 'sh', '-c', script, 'sh', `lowerdir=${lower}:${tree}`, merged];
      return await podman.run(['run', '--rm', ...runOptions(merged, options), ...command], around);
    } finally {
      podman.remove();
    }
  }

  /** Of its first process, on this machine. @throws Error with what podman said */
  async pid(): Promise<number> {
    return Number(must(await this.podman.run(['inspect', '--format={{.State.Pid}}', this.id])));
  }

  exec(...command: readonly string[]): Promise<Finished> {
    return this.podman.run(['exec', this.id, ...command]);
  }

  /** @returns standard output @throws Error if it fails */
  async must(...command: readonly string[]): Promise<string> {
    return must(await this.exec(...command));
  }

  /** Our program. */
  sysext(...words: readonly string[]): Promise<Finished> {
    return this.exec(NODE, join(PROGRAM, 'sysext'), ...words);
  }

  /** The same, where it is to do its work. @returns what it said, on both outputs @throws Error if it fails */
  async mustSysext(...words: readonly string[]): Promise<string> {
    const finished = await this.sysext(...words);
    return must(finished) + finished.stderr;
  }

  /** Loop devices, which all containers and the machine share, by the name of the file in them. */
  async loopDevices(fileName: string): Promise<string[]> {
    const found = await this.exec('sh', '-c', 'cat /sys/block/loop*/loop/backing_file 2>/dev/null');
    return found.stdout.split('\n').filter((path) => path.endsWith(`/${fileName}`));
  }

  async stop(): Promise<void> {
    await this.podman.run(['rm', '--force', '--time=0', this.id]);
    this.podman.remove();
  }
}

export interface Tree {
  readonly tree: string;
}
export interface Missing {
  readonly missing: string;
}

/** A tree that scripts/containers.sh makes, or why there is none. @param name of a Debian suite, or `busybox` */
export function makeTree(name: string): Tree | Missing {
  const made = spawnSync(join(CHECKOUT, 'scripts/containers.sh'), [name], { encoding: 'utf8' });
  if (made.status !== 0)
    return { missing: made.stderr.trim().split('\n').at(-1) ?? 'scripts/containers.sh failed' };
  return { tree: join(CHECKOUT, made.stdout.trim()) };
}

/**
 * The Debian tree for the containers, made by scripts/oracle.sh.
 *
 * @returns its path, or why there can be no container, to skip the tests with
 */
export function findTree(): Tree | Missing {
  if (process.getuid?.() !== 0) return { missing: 'containers need root' };
  if (!existsSync(join(CHECKOUT, 'dist/cli/main.js'))) throw new Error('there is no program: npm run build');
  const trees = join(CHECKOUT, '.cache/oracle');
  const name = (existsSync(trees) ? readdirSync(trees) : [])
    .sort()
    .find((entry) => !entry.startsWith('.') && existsSync(join(trees, entry, 'usr/bin/systemd-sysext')));
  if (name === undefined) return { missing: 'there is no Debian tree: run scripts/oracle.sh as root' };
  const missing = provide({ podman: 'podman', runc: 'runc', mksquashfs: IMAGE_TOOLS['mksquashfs']! });
  if (missing !== null) return { missing };
  const tree = join(trees, name);
  const refused = tryOnce(tree);
  return refused === null ? { tree } : { missing: `no container with Node can be run here: ${refused}` };
}

/** @returns `null` if Node runs in such a container, else what was said */
function tryOnce(tree: string): string | null {
  const podman = new Podman();
  const words = podman.command(['run', '--rm', ...runOptions(tree, {}), NODE, '--version']);
  const { status, stderr } = spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', env: podman.env });
  podman.remove();
  return status === 0 ? null : stderr.trim().split('\n').join(' ');
}

function runOptions(
  tree: string,
  { privileged = true, run, fixtures, network, more = [] }: ContainerOptions,
): string[] {
  const volumes = [`${CHECKOUT}:/sysext`, `${process.execPath}:${NODE}`];
  // Where it is a symlink, as in a second worktree, what it leads to has to be there as well.
  const modules = realpathSync(join(CHECKOUT, 'node_modules'));
  if (!modules.startsWith(CHECKOUT)) volumes.push(`${modules}:${modules}`);
  if (fixtures !== undefined) volumes.push(`${fixtures}:/fixtures`);
  return [
    // With the machine's own /dev: the nodes of new loop devices appear in no other.
    ...(privileged ? ['--privileged', '--volume=/dev:/dev'] : []),
    ...(run ? ['--tmpfs=/run:rw,mode=0755'] : []),
    `--network=${network ?? 'host'}`,
    '--ulimit=nofile=1024:1024',
    '--ulimit=nproc=1000:1000',
    ...volumes.map((volume) => `--volume=${volume}:ro`),
    ...more,
    '--rootfs',
    `${tree}:O`,
  ];
}

/** podman with its own storage and settings, so that none of the machine's is used or changed. */
class Podman {
  readonly #directory = mkdtempSync(join(tmpdir(), 'sysext-podman-'));
  readonly env: NodeJS.ProcessEnv;

  constructor(private readonly limit = LIMIT) {
    const settings = join(this.#directory, 'containers.conf');
    // Built-in limits can be higher than what this machine allows.
    writeFileSync(settings, '[containers]\ndefault_ulimits = []\n');
    this.env = { ...process.env, CONTAINERS_CONF: settings };
  }

  command(words: readonly string[]): string[] {
    const storage = ['--root', join(this.#directory, 'root'), '--runroot', join(this.#directory, 'runroot')];
    return [findCommand('podman')!, ...storage, '--cgroup-manager=cgroupfs', '--runtime=runc', ...words];
  }

  makeDirectory(name: string): string {
    const path = join(this.#directory, name);
    mkdirSync(path);
    return path;
  }

  /** @param around words that start it */
  async run(words: readonly string[], around: readonly string[] = []): Promise<Finished> {
    const [program, ...args] = [...around, ...this.command(words)];
    // In a group of its own, so that all that it has started can be ended with it.
    const child = spawn(program!, args, { env: this.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const end = setTimeout(() => this.#kill(child.pid), this.limit);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]).finally(() => clearTimeout(end));
    return { status: code ?? 255, stdout, stderr };
  }

  /** Ends what hangs: all containers of this storage, then podman itself. */
  #kill(pid: number | undefined): void {
    const [program, ...args] = this.command(['kill', '--all', '--signal=KILL']);
    spawnSync(program!, args, { env: this.env, stdio: 'ignore', timeout: 10_000 });
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }

  remove(): void {
    // conmon starts podman once more, to clean up after a container that has ended.
    for (let attempt = 0; attempt < 100 && this.#isInUse(); attempt += 1) spawnSync('sleep', ['0.05']);
    // podman keeps its storage directory mounted over itself.
    spawnSync('umount', ['--lazy', join(this.#directory, 'root/overlay')], { stdio: 'ignore' });
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 10 });
  }

  #isInUse(): boolean {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .some((pid) => commandLineOf(pid).includes(this.#directory));
  }
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function must({ status, stdout, stderr }: Finished): string {
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr.trim()}`);
  return stdout;
}
