import { textOf } from '../../host/bytes.js';
import type { OpenStack } from '../../layers/lookup.js';
import { describeImageProblem } from '../image-problems.js';
import { quoted } from '../printable.js';
import type { AskedView, LayerView, ViewNote } from './view.js';
import { count, describeHindrance, nameLayer, placeOf } from './words.js';

/** Which layers it is about. */
export function describeView({ kind, isAsked }: AskedView): string {
  if (kind === 'live') return 'What is merged now:';
  return isAsked ? 'What the next merge makes:' : 'Nothing is merged. What a merge would make:';
}

/** What else must be known, without full stops. */
export function describeNotes(view: LayerView, opened: readonly OpenStack[]): string[] {
  return [...new Set([...view.notes.map(describeNote), ...opened.flatMap(describeTroubles)])];
}

function describeNote(note: ViewNote): string {
  switch (note.kind) {
    case 'changed':
      return `${quoted(note.extension)} is not what was merged (${note.fields.join(', ')}); what is told is what is there now, refresh to have that merged`;
    case 'foreign-record':
      return 'another program has merged this, and does not say where the extensions came from; they were looked for by their names';
    case 'unusable': {
      const { problem, remedy } = describeImageProblem(note.problem);
      return `${quoted(note.extension)} cannot be used, and a merge fails as long as it is there: ${problem}; ${remedy}`;
    }
  }
}

function describeTroubles({ stack, reader }: OpenStack): string[] {
  const { unreadable, unreadableCount, isCut } = reader.troubles;
  const hindered = stack.layers.filter(({ root }) => root === null);
  const [first] = unreadable;
  const unmarked = stack.layers.some(({ root, marks }) => root !== null && !marks.known);
  return [
    ...hindered.map((layer) => `${nameLayer(layer)} could not be looked into: ${describeHindrance(layer)}`),
    ...(first === undefined
      ? []
      : [
          `${count(unreadableCount, 'file or directory', 'files and directories')} could not be read, such as ${quoted(placeOf(stack.layers[first.layer]!, first.path))}; run this as root`,
        ]),
    ...(isCut ? [`there are more files in ${quoted(textOf(stack.path))} than were looked at`] : []),
    ...(unmarked
      ? ['which directories are opaque is not known: that takes getfattr, of the package attr, and root']
      : []),
  ];
}

/** Whether there is something that could not be told. */
export function isIncomplete(view: LayerView, opened: readonly OpenStack[]): boolean {
  return (
    view.notes.some(({ kind }) => kind === 'unusable') ||
    opened.some(({ stack, reader }) => {
      const { unreadableCount, isCut } = reader.troubles;
      return unreadableCount > 0 || isCut || stack.layers.some(({ root }) => root === null);
    })
  );
}
