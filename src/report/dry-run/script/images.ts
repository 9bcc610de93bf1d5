import { commands } from '../../../mount/mount-command.js';
import type { MountedPart, PathWindow } from '../../../mount/mounted-part.js';
import type { PlannedSource } from '../dry-run.js';
import { loopVariableOf } from './loop-placeholder.js';
import type { Snippet, Writer } from './writer.js';

/** Numbers of the loop devices that a part needs. */
export function loopsOf({ device }: MountedPart): 0 | 1 | 2 {
  if (device.kind === 'verity') return 2;
  return device.kind === 'loop' || device.kind === 'luks' ? 1 : 0;
}

/** The number of the first loop device of each part, in the order in which the record of a merge has them. */
export function numberLoops(sources: readonly PlannedSource[]): ReadonlyMap<MountedPart, number> {
  const first = new Map<MountedPart, number>();
  let next = 1;
  for (const part of sources.flatMap(({ parts }) => parts)) {
    first.set(part, next);
    next += loopsOf(part);
  }
  return first;
}

/** @param loop number of the first loop device */
export function mountImage(part: MountedPart, loop: number, writer: Writer): Snippet {
  const { device, type, options, at } = part;
  const place = writer.command(['mkdir', '-p', at]);
  const first = `"$${loopVariableOf(loop)}"`;
  const mount = (source: string) => {
    const words = commands.fileSystem(type, options, '\0', at);
    return words.map((word) => (word === '\0' ? source : writer.word(word))).join(' ');
  };
  switch (device.kind) {
    case 'block':
      return { lines: [place, mount(writer.word(device.path))], undo: [] };
    case 'file': {
      const offset = device.offset === 0n ? '' : `,fsoffset=${device.offset}`;
      const words = commands.fileSystem(type, `${options}${offset}`, device.path, at);
      return { lines: [place, writer.command(words)], undo: [] };
    }
    case 'loop':
      return {
        lines: [attach(loop, device, writer), place, mount(first), detach(loop)],
        undo: [letGo(loop)],
      };
    case 'luks': {
      const open = ['cryptsetup', 'open', '--type=luks', '--readonly', '--batch-mode'];
      const key = writer.word(`--key-file=${device.keyFile}`);
      return {
        lines: [
          attach(loop, device.volume, writer),
          `volume=sysext-\${${loopVariableOf(loop)}##*/}-luks`,
          `${open.join(' ')} ${key} ${first} "$volume"`,
          place,
          mount('"/dev/mapper/$volume"'),
          '# They go when the file system is unmounted.',
          'cryptsetup close --deferred "$volume"',
          detach(loop),
        ],
        undo: [
          `cryptsetup close --deferred "sysext-\${${loopVariableOf(loop)}##*/}-luks" 2>/dev/null`,
          letGo(loop),
        ],
      };
    }
    case 'verity': {
      const signed = device.signature === null ? '' : ' --root-hash-signature="$work/signature"';
      return {
        lines: [
          attach(loop, device.data, writer),
          attach(loop + 1, device.tree, writer),
          ...(device.signature === null ? [] : [`printf '${octal(device.signature)}' >"$work/signature"`]),
          `volume=sysext-\${${loopVariableOf(loop)}##*/}-verity`,
          `veritysetup open${signed} ${first} "$volume" "$${loopVariableOf(loop + 1)}" ${device.rootHash}`,
          place,
          mount('"/dev/mapper/$volume"'),
          '# They go when the file system is unmounted.',
          'veritysetup close --deferred "$volume"',
          detach(loop),
          detach(loop + 1),
        ],
        undo: [
          `veritysetup close --deferred "sysext-\${${loopVariableOf(loop)}##*/}-verity" 2>/dev/null`,
          letGo(loop),
          letGo(loop + 1),
        ],
      };
    }
  }
}

/** mount(8) would make one itself, but not say which. */
function attach(number: number, { path, offset, size }: PathWindow, writer: Writer): string {
  const window = [`--offset=${offset}`, ...(size === null ? [] : [`--sizelimit=${size}`])];
  return `${loopVariableOf(number)}=$(${writer.call('attach', ...window, path)})`;
}

function detach(number: number): string {
  return `losetup --detach "$${loopVariableOf(number)}"`;
}

function letGo(number: number): string {
  return `if [ -n "\${${loopVariableOf(number)}:-}" ]; then losetup --detach "$${loopVariableOf(number)}" 2>/dev/null; fi`;
}

function octal(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
