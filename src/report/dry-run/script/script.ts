import { printable } from '../../printable.js';
import { type Action, actionsOf } from '../actions.js';
import type { DryRun, PlannedSource } from '../dry-run.js';
import { summaryOf } from '../summary.js';
import { describeAction } from '../wording.js';
import { comment } from './comment.js';
import { closing, finishing, locking } from './frame.js';
import { numberLoops } from './images.js';
import { type Covered, isSame, snippetOf } from './snippets.js';
import { Writer } from './writer.js';

/**
 * What a command would do, as a shell script that does it by itself: for any POSIX shell, with mount(8) and umount(8) of
 * util-linux. Undone where a step fails, as the command does it.
 *
 * @param dryRun one of whose outcome steps can be told: neither `fails` nor `untold`
 */
export function dryRunScript(dryRun: DryRun): string {
  const { outcome, verb, caller, extensionClass, state, workspace } = dryRun;
  const head = [
    '#!/bin/sh',
    ...comment(
      `What '${commandOf(caller, verb)}' would do. Made by the command 'plan'; it needs no '${caller.program}'.`,
    ),
    ...comment(
      'Run it as root, soon: it stops where something is not as it was when this was made. If a step fails, what was done is taken back.',
    ),
    '#',
    ...summaryOf(dryRun).flatMap(comment),
    '',
  ];
  const actions = actionsOf(dryRun);
  if (actions.length === 0) return lines([...head, 'exit 0']);
  const writer = new Writer(extensionClass, workspace);
  const sources = outcome.kind === 'steps' ? outcome.sources : [];
  const loops = numberLoops(sources);
  const snippets = actions.map((action) =>
    snippetOf(action, {
      writer,
      loopOf: (part) => loops.get(part) ?? 0,
      sourceOf: (name) => sources.find((source) => source.name === name),
      coveredBy: (place) => coveredBy(place, actions),
    }),
  );
  // The key of a root is digits and letters.
  const places = [`state=${writer.word(state)}`, `work=$state/${workspace.slice(state.length + 1)}`];
  const conditions = preconditions(dryRun, sources, writer);
  const body = actions.flatMap((action, index) => [
    ...(index === 1 ? conditions : []),
    ...(endsPlan(actions, index)
      ? ['# All has succeeded, and nothing is taken back any more.', 'done=yes', '']
      : []),
    ...describe(action, index + 1),
    `step=${index + 1}`,
    ...(snippets[index]?.lines ?? []),
    '',
  ]);
  const hasWorkspace = actions.some(({ kind }) => kind === 'open-workspace');
  const frame = [
    ...locking(dryRun, writer),
    ...closing(dryRun, hasWorkspace, writer),
    ...finishing(
      snippets.map(({ undo }) => undo),
      hasWorkspace,
      actions.some(({ kind }) => kind === 'service'),
    ),
  ];
  return lines([
    ...head,
    'set -eu',
    'umask 022',
    'PATH=$PATH:/usr/sbin:/sbin',
    '# mount(8) since 2.39 else hands options over one by one, and the kernel takes none longer than 255 bytes.',
    'export LC_ALL=C LIBMOUNT_FORCE_MOUNT2=always',
    '',
    ...writer.definitions(),
    ...places,
    '',
    ...frame,
    ...body,
    'exit "$status"',
  ]);
}

function describe(action: Action, number: number): string[] {
  const { what, why } = describeAction(action);
  return comment(`${number}. ${what}: ${why}.`);
}

/** Where all has succeeded, and nothing is to be undone any more. */
function endsPlan(actions: readonly Action[], index: number): boolean {
  const isAfter = ({ kind }: Action) =>
    ['release-kept', 'remove-work-directory', 'unmount-covered', 'close-workspace', 'unlock'].includes(kind);
  return actions.findIndex(isAfter) === index;
}

/** A shell cannot hold a mount that is covered, as the program does; so it goes just before that. */
function coveredBy(place: Action & { kind: 'place' }, actions: readonly Action[]): Covered[] {
  const covered = actions.flatMap((action) => (action.kind === 'unmount-covered' ? [action.path] : []));
  return actions.flatMap((action) => {
    if (action.kind !== 'carry' || action.toHost || !action.to.startsWith(`${place.from}/`)) return [];
    return covered.includes(action.from)
      ? [{ submount: action.submount, path: action.from, copy: action.to }]
      : [];
  });
}

function preconditions(
  { outcome, hierarchies }: DryRun,
  sources: readonly PlannedSource[],
  writer: Writer,
): string[] {
  const isDetached = (path: string) =>
    (outcome.kind === 'unmount' || outcome.kind === 'steps') &&
    outcome.detached.some(({ hierarchy }) => hierarchy.path === path);
  writer.call('fail');
  const merged = hierarchies.map(({ path }) => {
    const isMerged = writer.call('merged', path);
    const failed = `fail ${writer.word(`${printable(path)} is not as it was when this plan was made; make it again.`)}`;
    return isDetached(path) ? `${isMerged} || ${failed}` : `if ${isMerged}; then ${failed}; fi`;
  });
  const files = sources.map((source) => isSame(source, writer));
  return [
    ...comment('Whether all is as it was: what is merged, and which files extensions are.'),
    ...merged,
    ...files,
    '',
  ];
}

function commandOf({ program, root, extensionClass }: DryRun['caller'], verb: string): string {
  return [
    program,
    ...(program.endsWith('confext') === (extensionClass.name === 'confext')
      ? []
      : [`--class=${extensionClass.name}`]),
    ...(root === '/' ? [] : [`--root=${root}`]),
    verb,
  ].join(' ');
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
