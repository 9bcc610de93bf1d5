/** What a layer can do to another one. */
export const CONFLICT_KINDS = [
  'equal',
  'content',
  'mode',
  'type',
  'whiteout',
  'opaque',
  'modules',
  'library',
  'unit',
  'mount',
] as const;
export type ConflictKind = (typeof CONFLICT_KINDS)[number];
