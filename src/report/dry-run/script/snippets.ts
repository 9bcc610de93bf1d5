import { join } from 'node:path';
import { commands } from '../../../mount/mount-command.js';
import { DEVICE_FILE } from '../../../overlay/metadata.js';
import type { Submount } from '../../../overlay/submounts.js';
import type { Alternative, ServiceStep } from '../../../services/plan-services.js';
import { printable } from '../../printable.js';
import type { Action } from '../actions.js';
import type { PlannedSource } from '../dry-run.js';
import { mountOverlay, writeMetadata } from './build.js';
import { mountImage } from './images.js';
import type { Snippet, Writer } from './writer.js';

/** What an action needs to know of the others. */
export interface Surroundings {
  readonly writer: Writer;
  readonly loopOf: (part: (Action & { kind: 'mount-image' })['part']) => number;
  readonly sourceOf: (extension: string) => PlannedSource | undefined;
  /** Mounts that showing an overlay at a place covers, and where in the overlay their copies are. */
  readonly coveredBy: (place: Action & { kind: 'place' }) => readonly Covered[];
}

/** A mount that is no longer wanted at its place when its copy is shown there. */
export interface Covered {
  readonly submount: Submount;
  readonly path: string;
  readonly copy: string;
}

const simply = (...lines: string[]): Snippet => ({ lines, undo: [] });

/** An action as shell code. */
export function snippetOf(action: Action, surroundings: Surroundings): Snippet {
  const { writer, loopOf, coveredBy } = surroundings;
  switch (action.kind) {
    case 'lock':
      return simply('lock_root');
    case 'unlock':
      return simply('unlock_root');
    case 'open-workspace': {
      const [first, ...others] = writer.mount(commands.tmpfs(action.path));
      // From where no file is called like the source: the mount(8) of busybox would make a loop device of it.
      return simply('mkdir -p -m 0700 "$work"', `(cd "$work" && ${first})`, ...others);
    }
    case 'mount-image': {
      const snippet = mountImage(action.part, loopOf(action.part), writer);
      const source = surroundings.sourceOf(action.extension);
      const isChecked = action.checks.some(({ by }) => by.kind === 'program');
      if (!isChecked || source === undefined) return snippet;
      return { ...snippet, lines: [...snippet.lines, isSame(source, writer)] };
    }
    case 'make-directory': {
      const path = writer.word(action.path);
      return { lines: [`mkdir -p ${path}`], undo: [`rmdir ${path} 2>/dev/null`] };
    }
    case 'make-write-directory': {
      const { path, like } = action;
      const lines = [
        writer.command(['mkdir', path]),
        writer.call('alike', path, like),
        writer.call('label', like, path),
      ];
      return { lines, undo: [`rmdir ${writer.word(path)} 2>/dev/null`] };
    }
    case 'change-mode': {
      const change = (mode: number) =>
        writer.command(['chmod', mode.toString(8).padStart(4, '0'), action.path]);
      return { lines: [change(action.to)], undo: [change(action.from)] };
    }
    case 'detach':
      return {
        lines: [writer.call('detach', action.path, action.keep)],
        undo: [writer.call('put_back', action.path, action.keep)],
      };
    case 'reach': {
      const { from, to, merged, withMounts } = action;
      return simply(writer.call('reach', withMounts ? 'mounts' : 'directory', from, to, ...merged));
    }
    case 'keep':
      return simply(
        writer.command(['mkdir', '-p', action.keep]),
        ...writer.mount(commands.copyTree(action.path, action.keep)),
      );
    case 'write-metadata':
      return writeMetadata(action, writer);
    case 'mount-overlay':
      return mountOverlay(action, writer);
    case 'protect':
      return simply(...writer.mount(commands.bindReadOnly(action.path, action.flags)));
    case 'carry':
      return carry(action, writer);
    case 'place': {
      const covered = coveredBy(action);
      const isThere = writer.call('device', action.path);
      const file = writer.word(join(action.metadata, DEVICE_FILE));
      return {
        lines: [
          ...covered.map(({ path }) => writer.command(commands.detach(path))),
          writer.command(commands.bindTree(action.from, action.path)),
        ],
        undo: [
          `if [ "$(${isThere})" = "$(cat ${file} 2>/dev/null)" ]; then ${writer.command(commands.detach(action.path))}; fi`,
          ...covered.map(({ submount, path, copy }) => {
            const again = writer.command(commands.bindTree(copy, path));
            return `if ! ${isMounted(submount, path, writer)}; then ${again} || kept=yes; fi`;
          }),
        ],
      };
    }
    case 'place-beneath':
      return {
        lines: [`${writer.call('put_beneath', action.from, action.path)} || :`],
        undo: [goBack(action, writer)],
      };
    case 'lift':
      return simply(...action.merges.map(({ from, path }) => writer.call('lift', from, path)));
    case 'replace':
      return { lines: [writer.call('lift', action.from, action.path)], undo: [goBack(action, writer)] };
    case 'verify':
      return verify(action, writer);
    case 'unmount':
      return simply(
        `while ${writer.call('merged', action.path)}; do ${writer.command(commands.detach(action.path))}; done`,
      );
    case 'release-kept':
      return simply(
        'for keep in "$work"/old/*/*; do',
        '  if [ -d "$keep" ]; then umount -n -i -l "$keep" || warn "What was merged before stays mounted."; fi',
        'done',
      );
    case 'remove-work-directory': {
      const path = writer.word(action.path);
      return simply(
        `rm -rf ${path} || ${writer.call('warn', `${printable(action.path)} could not be removed.`)}`,
      );
    }
    case 'unmount-covered':
      return simply(': # done before the merge was shown, since no path leads to it any more');
    case 'close-workspace':
      return simply('close_workspace');
    case 'service':
      return simply(...service(action.step, writer));
  }
}

type Carry = Action & { kind: 'carry' };

function carry({ from, to, submount, toHost }: Carry, writer: Writer): Snippet {
  const plain = writer.call('plain_point', to.slice(0, -submount.relative.length - 1), submount.relative);
  if (!toHost) return simply(plain, ...writer.mount(commands.copyTree(from, to)));
  const point = writer.call('need_point', to, submount.isDirectory ? 'directory' : 'file');
  const isThere = isMounted(submount, to, writer);
  return {
    lines: [
      `if ! ${isThere}; then`,
      `  ${plain}`,
      `  ${point}`,
      `  ${writer.command(commands.bindTree(from, to))}`,
      'fi',
    ],
    undo: [`if ${isThere}; then ${writer.command(commands.detach(to))}; fi`],
  };
}

function goBack(
  { path, metadata, keep }: Action & { kind: 'place-beneath' | 'replace' },
  writer: Writer,
): string {
  return writer.call('go_back', join(metadata, DEVICE_FILE), path, keep, escaped(path));
}

function verify({ path, metadata, submounts }: Action & { kind: 'verify' }, writer: Writer): Snippet {
  const file = writer.word(join(metadata, DEVICE_FILE));
  const failed = (place: string) =>
    writer.call(
      'fail',
      `${printable(place)} does not show what was mounted there: something else was, at the same time.`,
    );
  return simply(
    `[ "$(${writer.call('device', path)})" = "$(cat ${file})" ] || ${failed(path)}`,
    ...submounts.map((submount) => {
      const place = join(path, submount.relative);
      return `${isMounted(submount, place, writer)} || ${failed(place)}`;
    }),
  );
}

/** Fails where a file or directory is not the one that the plan was made for. */
export function isSame({ path, device, inode, content }: PlannedSource, writer: Writer): string {
  const name = printable(path);
  if (content === null) return writer.call('same', `${device} ${inode}`, '%d %i', path, name);
  const { size, mtime, ctime } = content;
  return writer.call('same', `${device} ${inode} ${size} ${mtime} ${ctime}`, '%d %i %s %Y %Z', path, name);
}

/** As the kernel writes it in /proc/self/mountinfo. */
function escaped(path: string): string {
  return path.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function isMounted(
  { device, root }: Pick<Submount, 'device' | 'root'>,
  place: string,
  writer: Writer,
): string {
  return writer.call('mounted', device, escaped(root), escaped(place));
}

/**
 * As applySteps() has it: what becomes of units has no effect on the exit status; a manager that did not read its files
 * again would act on old ones.
 */
function service({ unit, exists, command, otherwise }: ServiceStep, writer: Writer): string[] {
  const words = writer.command(command);
  writer.call('warn');
  if (unit === null) {
    const failed = "warn 'The service manager did not reload, so its units are left alone.'";
    return [`${words} || { status=1 managed=no; ${failed}; }`];
  }
  const failed = `warn ${writer.word(printable(`could not be done: ${command.join(' ')}`))}`;
  const lines = [`${words} || ${otherwise === null ? failed : alternative(otherwise, failed, writer)}`];
  const guarded =
    exists === null
      ? lines
      : [`if ${writer.command(exists)}; then`, ...lines.map((line) => `  ${line}`), 'fi'];
  return ['if [ "$managed" = yes ]; then', ...guarded.map((line) => `  ${line}`), 'fi'];
}

function alternative(
  { statuses, command, absent, afterwards }: Alternative,
  failed: string,
  writer: Writer,
): string {
  const alone = writer.command(command);
  const second =
    afterwards === null ? alone : `{ ${alone} && { ${writer.command(afterwards)} 2>/dev/null || :; }; }`;
  const last = absent === null ? failed : `[ $? -eq ${absent} ] || ${failed}`;
  if (statuses === 'any') return `${second} || ${last}`;
  return `case $? in ${statuses.join(' | ')}) ${second} || ${last} ;; *) ${failed} ;; esac`;
}
