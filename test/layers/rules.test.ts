import type { Entry, EntryType } from '../../src/layers/entry.js';
import { type Copy, judgeCopies, mergedOf, shownOf } from '../../src/layers/rules.js';

const entry = (type: EntryType): Entry => ({
  type,
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  device: 0,
  mtime: 0,
  ctime: 0,
});

/** `d` a directory, `o` an opaque one, `f` a file, `l` a symlink, `w` a whiteout, `-` nothing; top first. */
function copies(layers: string): Copy[] {
  const types: Readonly<Record<string, EntryType>> = {
    d: 'directory',
    o: 'directory',
    f: 'file',
    l: 'symlink',
    w: 'whiteout',
  };
  return [...layers].flatMap((letter, layer): Copy[] => {
    const type = types[letter];
    return type === undefined ? [] : [{ layer, path: 'x', entry: entry(type), isOpaque: letter === 'o' }];
  });
}

const fates = (layers: string) =>
  judgeCopies(copies(layers)).map(({ fate }) =>
    fate.kind === 'hidden' ? `${fate.cover} ${fate.by}` : fate.kind,
  );

test.each([
  ['f', ['shown']],
  ['fff', ['shown', 'file 0', 'file 0']],
  ['-fd', ['shown', 'file 1']],
  ['lf', ['shown', 'file 0']],
  ['ddd', ['shown', 'merged', 'merged']],
  ['dod', ['shown', 'merged', 'opaque 1']],
  ['od', ['shown', 'opaque 0']],
  // The file is not seen, and still ends what is merged.
  ['dfd', ['shown', 'directory 0', 'between 1']],
  ['dwd', ['shown', 'whiteout', 'whiteout 1']],
  ['wf', ['whiteout', 'whiteout 0']],
  ['w', ['whiteout']],
  ['', []],
])('%s', (layers, expected) => {
  expect(fates(layers)).toEqual(expected);
});

test('what is seen, and what it consists of', () => {
  const layers = (text: string) => mergedOf(judgeCopies(copies(text))).map(({ layer }) => layer);
  expect(layers('d-dod')).toEqual([0, 2, 3]);
  expect(layers('fd')).toEqual([]);
  expect(layers('wd')).toEqual([]);
  expect(shownOf(judgeCopies(copies('wd')))).toBeUndefined();
  expect(shownOf(judgeCopies(copies('-lf')))?.layer).toBe(1);
});
