/**
 * What of the installed extensions shall be merged, and in which order, where that is not all of them in version order. It
 * is recorded with the merge, so that a `refresh` keeps to it.
 */
export interface Choice {
  /** Names of extensions. With these or `only`, nothing else is merged. */
  readonly names: readonly string[];
  /** Patterns of names, as of a shell. */
  readonly only: readonly string[];
  /** Patterns of what is left out all the same. */
  readonly except: readonly string[];
  /** Directories that images are looked for in before all others; absolute, below the root. */
  readonly from: readonly string[];
  /** Names of extensions that lie above all others, the last on top. */
  readonly order: readonly string[];
}

const KEYS = ['names', 'only', 'except', 'from', 'order'] as const satisfies readonly (keyof Choice)[];

/** All of them, in version order: then nothing is recorded. */
export const EVERYTHING: Choice = { names: [], only: [], except: [], from: [], order: [] };

export function isEverything(choice: Choice): boolean {
  return KEYS.every((key) => choice[key].length === 0);
}

/** What a record says was chosen. @throws TypeError for what is no choice */
export function readChoice(record: unknown): Choice {
  const { names, only, except, from, order } = record as Record<keyof Choice, unknown>;
  return {
    names: readList(names),
    only: readList(only),
    except: readList(except),
    from: readList(from),
    order: readList(order),
  };
}

/** A pattern that is empty cannot have been given, and nothing can be matched against it. */
function readList(list: unknown): readonly string[] {
  if (Array.isArray(list) && list.every((text) => typeof text === 'string' && text !== '')) return list;
  throw new TypeError('not our record');
}

/** Whether both mean the same, whatever is installed. */
export function isSameChoice(a: Choice | null, b: Choice | null): boolean {
  const text = (choice: Choice | null) => JSON.stringify(KEYS.map((key) => (choice ?? EVERYTHING)[key]));
  return text(a) === text(b);
}
