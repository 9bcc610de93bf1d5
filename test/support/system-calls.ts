import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf } from '../../src/mount/state-directory.js';
import { findCommand, provide } from './debian.js';

/** `null`, or what of the machine is missing to let system calls fail. */
export const whyNoStrace = (): string | null => provide({ strace: 'strace' });

/** A system call of the program's main thread, in which all of its work is done. */
export interface SystemCall {
  readonly name: string;
  /** What it is about, with `{root}` and `{key}` for what differs from machine to machine; `null` for a start of a program. */
  readonly path: string | null;
  /** The how manieth of this name about this path, the first is 1. */
  readonly ofPath: number;
  /** The how manieth of this name. */
  readonly ofName: number;
  /** It changes something, as opposed to looking. */
  readonly changes: boolean;
}

/** Those that change a file, mount something, or start a program. */
const CHANGES = new Set(
  `mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 symlink symlinkat link linkat chmod fchmod fchmodat
  fchmodat2 chown lchown fchown fchownat write writev pwrite64 pwritev ftruncate truncate utimensat mknod mknodat
  setxattr lsetxattr fsetxattr mount umount2 move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick
  mount_setattr flock ioctl fork vfork clone clone3 sendfile copy_file_range`
    .split(/\s+/)
    .filter(Boolean),
);

/** Those that start a program, or a thread. */
const STARTS = new Set(['fork', 'vfork', 'clone', 'clone3']);

/** Those that look at a file. `openat` can be either. */
const LOOKS = new Set(
  'open openat openat2 creat stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat read pread64 getdents64'.split(
    ' ',
  ),
);

/** Those whose last path is the one that is made or goes. */
const BY_LAST_PATH = /^(rename|symlink|link|move_mount|mount$)/;

/** Their first argument is an open file. */
const BY_DESCRIPTOR =
  /^(f(stat|chmod|chown|truncate|setxattr)|p?writev?|pwrite64|read|pread64|ioctl|flock|getdents64|fsconfig|fsmount)$/;

/** As strace(1) writes it. */
const LINE = /^(\w+)\((.*)\)\s+= (-?\d+|0x[0-9a-f]+|\?)/;

const QUOTED = /"((?:[^"\\]|\\.)*)"/g;

/** What has another name in each call. */
const HAS_RANDOM_NAME = /\/peer-\w+|\/\.systemd-[^/]+-workdir/;

/** Where the program's own files are; what is elsewhere (its runtime, configuration of the C library) does not count. */
const PLACES = ['{root}', '/run/systemd', '/proc/self/mount'];

/** Has strace(1) watch calls of the program on one root. */
export class Watched {
  readonly #log: string;
  readonly #root: string;
  readonly #always: readonly string[];

  /**
   * @param directory for a file
   * @param root the root that is worked on
   * @param always names of system calls that fail in each call, and how: `{ move_mount: 'error=EINVAL' }`
   */
  constructor(directory: string, root: string, always: Readonly<Record<string, string>> = {}) {
    this.#log = join(directory, 'system-calls');
    this.#root = root;
    this.#always = Object.entries(always).map(([name, fault]) => `${name}:${fault}`);
  }

  /** Words to begin a command line with: notes down all system calls that count. */
  watching(): string[] {
    return this.#strace([...CHANGES, ...LOOKS]);
  }

  /**
   * Words to begin a command line with: one system call does not happen as it should.
   *
   * @param fault as strace(1) has it: `error=ENOSPC`, `signal=KILL`; a signal comes before the system call
   */
  tampering({ name, path, ofPath, ofName }: SystemCall, fault: string): string[] {
    // Looking at one path only hides what fails always.
    const isSame = path !== null && !HAS_RANDOM_NAME.test(path) && !path.startsWith('/proc/');
    const byPath = isSame && this.#always.length === 0;
    const real = path?.replaceAll('{root}', this.#root).replaceAll('{key}', keyOf(this.#root)) ?? '';
    const words = [
      ...(byPath ? ['-P', real] : []),
      '-e',
      `inject=${name}:${fault}:when=${byPath ? ofPath : ofName}`,
    ];
    return this.#strace([name], words);
  }

  /** Whether it has happened at that system call. */
  hasTampered(call: SystemCall, fault: string): boolean {
    const { name } = call;
    const lines = readFileSync(this.#log, 'utf8').split('\n');
    const [kind, what] = fault.split('=') as [string, string];
    const end = lines.findIndex((line) =>
      kind === 'error'
        ? line.includes('(INJECTED)') && line.startsWith(`${name}(`)
        : line.includes(`SIG${what}`),
    );
    const before = lines.slice(0, end + 1).findLast((line) => line.startsWith(`${name}(`));
    return before !== undefined && this.#isAbout(before, call);
  }

  /** The same system call, numbered as it was in the call that was watched last: what the runtime does for itself comes as it likes. */
  renumber(call: SystemCall): SystemCall {
    const lines = readFileSync(this.#log, 'utf8').split('\n');
    const ofName = lines.filter((line) => line.startsWith(`${call.name}(`));
    const about = ofName.flatMap((line, index) => (this.#isAbout(line, call) ? index + 1 : []));
    return { ...call, ofName: about[call.ofPath - 1] ?? call.ofName };
  }

  #isAbout(line: string, { path }: SystemCall): boolean {
    if (path === null) return true;
    return this.#pathOf(line)?.replace(HAS_RANDOM_NAME, '') === path.replace(HAS_RANDOM_NAME, '');
  }

  /** The system calls of the call that was watched, those that succeeded, in their order. */
  calls(): SystemCall[] {
    const counts = new Map<string, number>();
    const count = (key: string): number => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts.get(key)!;
    };
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, name, text, result] = LINE.exec(line) ?? [];
        if (name === undefined || text === undefined || result === undefined) return [];
        const path = this.#pathOf(line);
        // strace(1) counts all that have to do with a path, be it what is mounted or where.
        const numbers = new Map(this.#pathsOf(line).map((each) => [each, count(`${name} ${each}`)]));
        const call = { name, path, ofName: count(name), ofPath: numbers.get(path ?? '') ?? 1 };
        const isStart = STARTS.has(name) && !text.includes('CLONE_THREAD');
        const isOurs = path !== null && PLACES.some((place) => path.startsWith(place));
        const isQuestion = name === 'move_mount' && text.includes('""');
        if (result.startsWith('-') || isQuestion || !(isStart || isOurs)) return [];
        const isWriting = /\bO_(WRONLY|RDWR|CREAT|TRUNC)\b/.test(text);
        return [{ ...call, changes: CHANGES.has(name) || isWriting }];
      });
  }

  #strace(names: readonly string[], more: readonly string[] = []): string[] {
    const traced = [...names, ...this.#always.map((fault) => fault.split(':', 1)[0]!)];
    // What this machine's kernel or strace(1) does not know is left out.
    const trace = `trace=${traced.map((name) => `?${name}`).join(',')}`;
    const always = this.#always.flatMap((fault) => ['-e', `inject=${fault}`]);
    return [findCommand('strace')!, '-q', '-y', '-s', '8', '-o', this.#log, '-e', trace, ...always, ...more];
  }

  /** What a line is about, with what differs from machine to machine replaced. */
  #pathOf(line: string): string | null {
    const [, name = '', text = ''] = LINE.exec(line) ?? /^(\w+)\((.*)/.exec(line) ?? [];
    if (STARTS.has(name)) return null;
    const [, opened] = /^\d+<([^>]*)>/.exec(text) ?? [];
    const quoted = [...text.matchAll(QUOTED)].map(([, path]) => path);
    const absolute = quoted.filter((path) => path?.startsWith('/'));
    const named = BY_LAST_PATH.test(name) ? absolute.at(-1) : quoted[0];
    // An empty path stands for the open file itself (AT_EMPTY_PATH).
    const path = BY_DESCRIPTOR.test(name) || named === '' ? opened : named;
    return path?.startsWith('/') ? this.#general(path) : null;
  }

  /** All that a line is about. */
  #pathsOf(line: string): string[] {
    const quoted = [...line.matchAll(QUOTED)].map(([, path]) => path!);
    const opened = [...line.matchAll(/\d<(\/[^>]*)>/g)].map(([, path]) => path!);
    const paths = [...quoted, ...opened].filter((path) => path.startsWith('/'));
    return [...new Set(paths)].map((path) => this.#general(path));
  }

  #general(path: string): string {
    return path.replaceAll(this.#root, '{root}').replaceAll(keyOf(this.#root), '{key}');
  }
}

/** For messages. */
export const describeCall = ({ name, path, ofPath }: SystemCall): string =>
  `${name}(${path ?? ''})${ofPath === 1 ? '' : `, number ${ofPath}`}`;
