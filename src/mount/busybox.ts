/**
 * What the mount(8) of busybox cannot do in one call, or not at all (found with 1.35 to 1.37):
 *
 * - It hands all flags to one mount(2), which refuses a new file system that shall be private at once (`Invalid argument`), and
 *   of a bind mount heeds nothing else: it stays as shared and as writable as it was.
 * - `-a -T` passes over a line whose mount point has a mount already.
 * - Its losetup(8) does not say which device it has taken, and makes none that ends before the file does; mount(8) can.
 * - It has no `--beneath`, and its umount(8) no `-c`: by the path of a descriptor it finds another mount.
 */

const PROPAGATION: ReadonlySet<string> = new Set(['--make-private', '--make-rprivate']);

/** The command lines that do with busybox what one does with util-linux; the same if that can do it. */
export function forBusybox(command: readonly string[]): readonly (readonly string[])[] {
  const [program, ...words] = command;
  const target = command.at(-1);
  if (program !== 'mount' || target === undefined) return [command];
  const propagation = words.find((word) => PROPAGATION.has(word));
  const place = words.indexOf('-o') + 1;
  const options = place === 0 ? [] : words[place]!.split(',');
  const isAlone = place === 0 && !words.includes('-t');
  if (propagation !== undefined && !isAlone)
    return [command.filter((word) => word !== propagation), ['mount', '-n', '-i', propagation, target]];
  const [first, ...flags] = options;
  if (first === 'bind' && flags.length > 0)
    return [
      command.map((word, index) => (index === place + 1 ? first : word)),
      ['mount', '-n', '-i', '-o', ['remount', ...options].join(','), ...command.slice(-2)],
    ];
  return [command];
}
