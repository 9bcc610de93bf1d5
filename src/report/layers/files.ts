import type { ExtensionClass } from '../../extension-class.js';
import type { LayerStack } from '../../layers/layer.js';
import type { Listed, Visibility } from '../../layers/listing.js';
import type { OpenStack } from '../../layers/lookup.js';
import { formatJson, type Json } from '../json.js';
import { printable, quoted } from '../printable.js';
import { headJson, layerJson } from './layer-json.js';
import { describeNotes, describeView, isIncomplete } from './notes.js';
import type { AskedView } from './view.js';
import { enumerate, layerAt, lines, nameLayer, pathIn } from './words.js';

/** The files of an extension in one hierarchy, as they are found. */
export interface LayerFiles extends OpenStack {
  readonly layer: number;
  readonly files: Iterable<Listed>;
}

export interface FileList {
  readonly view: AskedView;
  readonly stacks: readonly OpenStack[];
  readonly name: string;
  readonly parts: readonly LayerFiles[];
}

type Counts = Record<Visibility['kind'], number>;

const noCounts = (): Counts => ({ visible: 0, replaces: 0, equal: 0, merged: 0, removes: 0, hidden: 0 });

/** A line a file, printed while they are found: there may be millions. @returns the exit status */
export function fileList(list: FileList, print: (text: string) => void): 0 | 1 | 2 {
  const { view, stacks, name, parts } = list;
  const counts = noCounts();
  print(lines([describeView(view)]));
  let chunk: string[] = [];
  for (const { stack, files } of parts) {
    for (const file of files) {
      counts[file.visibility.kind] += 1;
      chunk.push(`${file.visibility.kind.padEnd(9)} ${describeFile(stack, file)}\n`);
      if (chunk.length < 1000) continue;
      print(chunk.join(''));
      chunk = [];
    }
  }
  print(chunk.join(''));
  print(lines([summary(name, counts), ...describeNotes(view, stacks).map((note) => `Mind: ${note}.`)]));
  return statusOf(list, counts);
}

/** In JSON all of it is one value, so the number is limited. */
const MOST_FILES = 500_000;

/** By docs/schema/files-1.json. */
export function fileListJson(
  list: FileList,
  { name: className }: ExtensionClass,
  format: 'pretty' | 'short',
): { text: string; status: 0 | 1 | 2 } {
  const { view, stacks, name, parts } = list;
  const counts = noCounts();
  const files: Json[] = [];
  let omitted = 0;
  for (const { stack, files: found } of parts) {
    for (const file of found) {
      counts[file.visibility.kind] += 1;
      if (files.length < MOST_FILES) files.push(fileJson(stack, file));
      else omitted += 1;
    }
  }
  const value = { ...headJson('files-1', className, view, stacks), extension: name, counts, omitted, files };
  return { text: formatJson(value, format), status: statusOf(list, counts) };
}

function statusOf({ view, stacks }: FileList, counts: Counts): 0 | 1 | 2 {
  if (isIncomplete(view, stacks)) return 2;
  return counts.hidden > 0 ? 1 : 0;
}

function summary(name: string, counts: Counts): string {
  const words = Object.entries(counts).filter(([, count]) => count > 0);
  const total = Object.values(counts).reduce((a, b) => a + b, 0);
  return `${quoted(name)} has ${total} files and directories: ${words.map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing'}.`;
}

/** The path, with a slash behind that of a directory, and in brackets what there is to say. */
export function describeFile(stack: LayerStack, { path, isDirectory, visibility }: Listed): string {
  const about = describeVisibility(stack, visibility);
  return `${printable(pathIn(stack, path))}${isDirectory ? '/' : ''}${about === null ? '' : ` (${about})`}`;
}

function describeVisibility(stack: LayerStack, visibility: Visibility): string | null {
  const name = (layer: number) => nameLayer(layerAt(stack, layer));
  switch (visibility.kind) {
    case 'visible':
      return null;
    case 'replaces':
      return `that of ${name(visibility.other)}`;
    case 'equal':
      return `to that of ${name(visibility.other)}`;
    case 'merged':
      return `with ${enumerate(visibility.others.map(name))}`;
    case 'removes':
      return visibility.others.length === 0 ? 'nothing' : `that of ${enumerate(visibility.others.map(name))}`;
    case 'hidden':
      return visibility.by === null ? 'by a mount' : `by ${name(visibility.by)}`;
  }
}

function fileJson(stack: LayerStack, { path, isDirectory, visibility }: Listed): Json {
  const others = 'others' in visibility ? visibility.others : 'other' in visibility ? [visibility.other] : [];
  const by = visibility.kind === 'hidden' ? visibility.by : null;
  return {
    path: pathIn(stack, path),
    directory: isDirectory,
    visibility: visibility.kind,
    others: others.map((layer) => layerJson(layerAt(stack, layer))),
    by: by === null ? null : layerJson(layerAt(stack, by)),
    cover: visibility.kind === 'hidden' ? visibility.cover : null,
  };
}

/** Why there is nothing to list. */
export function describeNoLayer(name: string, { kind, notes }: AskedView): string[] {
  const unusable = notes.some((note) => note.kind === 'unusable' && note.extension === name);
  if (unusable) return [`${quoted(name)} cannot be used; what is wrong is told by the command 'explain'.`];
  return [
    kind === 'live'
      ? `No extension ${quoted(name)} is merged, or it has nothing for the merged directories; what is merged is told by the command 'status', what would be merged by the option --planned.`
      : `No extension ${quoted(name)} would be merged, or it has nothing for the directories that are; why not is told by the command 'explain'.`,
  ];
}
