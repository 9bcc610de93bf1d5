/** A system call that mount(8) or umount(8) makes, and the command line for it and all that come after it. */
export type DirectCall = { readonly otherwise: readonly string[] } & (
  | {
      /** mount(2) */
      readonly kind: 'mount';
      readonly source: string;
      readonly target: string;
      readonly type: string | null;
      readonly flags: number;
      readonly data: string | null;
    }
  | {
      /** umount2(2) */
      readonly kind: 'unmount';
      readonly target: string;
      readonly flags: number;
    }
);

/** `linux/mount.h` */
const MS_RDONLY = 1 << 0;
const MS_BIND = 1 << 12;
const MS_REC = 1 << 14;
const MS_PRIVATE = 1 << 18;
const MNT_DETACH = 2;

/** Words of `-o` that are flags of mount(2). */
const FLAGS: ReadonlyMap<string, number> = new Map([
  ['ro', MS_RDONLY],
  ['nosuid', 1 << 1],
  ['nodev', 1 << 2],
  ['noexec', 1 << 3],
  ['noatime', 1 << 10],
  ['bind', MS_BIND],
  ['rbind', MS_BIND | MS_REC],
]);

/** Words that the file system gets as they are; paths from the root on, for mount(8) may have another working directory. */
const DATA =
  /^((lower|upper|work)dir=\/[A-Za-z0-9_/.~^+@=-]*(:\/[A-Za-z0-9_/.~^+@=-]*)*|(redirect_dir|metacopy|index)=(on|off)|mode=[0-7]+)$/;

const PROPAGATION: ReadonlyMap<string, number> = new Map([
  ['--make-private', MS_PRIVATE],
  ['--make-rprivate', MS_PRIVATE | MS_REC],
]);

/** What the options of a command line say. */
interface Options {
  type: string | null;
  words: string;
  propagation: string | null;
  isLazy: boolean;
}

/**
 * The system calls that mount(8) and umount(8) make for a command line of `commands`, with `LIBMOUNT_FORCE_MOUNT2`.
 *
 * @returns `null` for one that they do more for, or that has a word which is not known here: what it means is theirs to say
 */
export function directCallsOf(command: readonly string[]): DirectCall[] | null {
  const [program, ...words] = command;
  const options: Options = { type: null, words: '', propagation: null, isLazy: false };
  const ahead = words.toReversed();
  while (ahead.at(-1)?.startsWith('-')) if (!readOption(ahead.pop()!, ahead, options)) return null;
  const operands = ahead.toReversed();
  if (program === 'umount') return options.isLazy ? operands.map(unmount) : null;
  return program === 'mount' ? mounts(command, operands, options) : null;
}

/** @param ahead what follows, the next word last */
function readOption(option: string, ahead: string[], options: Options): boolean {
  if (option === '-t') options.type = ahead.pop() ?? null;
  else if (option === '-o') options.words = ahead.pop() ?? '';
  else if (option === '-l') options.isLazy = true;
  else if (PROPAGATION.has(option)) options.propagation = option;
  else return option === '-n' || option === '-i';
  return true;
}

function unmount(target: string, index: number, targets: readonly string[]): DirectCall {
  const otherwise = ['umount', '-n', '-i', '-l', ...targets.slice(index)];
  return { kind: 'unmount', target, flags: MNT_DETACH, otherwise };
}

function mounts(
  command: readonly string[],
  operands: readonly string[],
  { type, words, propagation }: Options,
): DirectCall[] | null {
  const target = operands.at(-1);
  if (target === undefined || !target.startsWith('/') || operands.length > 2) return null;
  const change = propagation === null ? [] : [changePropagation(target, propagation)];
  if (operands.length === 1) return type === null && words === '' ? change : null;
  const source = operands[0]!;
  const read = readWords(words);
  // The type is for mount(8) to find out, and a bind mount becomes read-only in a second step.
  if (read === null || (type === null) !== ((read.flags & MS_BIND) !== 0)) return null;
  if (type === null && read.flags & ~(MS_BIND | MS_REC)) return null;
  return [{ kind: 'mount', source, target, type, ...read, otherwise: command }, ...change];
}

function changePropagation(target: string, option: string): DirectCall {
  const flags = PROPAGATION.get(option)!;
  const otherwise = ['mount', '-n', '-i', option, target];
  return { kind: 'mount', source: 'none', target, type: null, flags, data: null, otherwise };
}

function readWords(words: string): { flags: number; data: string | null } | null {
  let flags = 0;
  const data: string[] = [];
  for (const word of words.split(',')) {
    const flag = FLAGS.get(word);
    if (flag !== undefined) flags |= flag;
    else if (DATA.test(word)) data.push(word);
    else return null;
  }
  return { flags, data: data.length === 0 ? null : data.join(',') };
}
