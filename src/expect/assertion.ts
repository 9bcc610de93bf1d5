/** What is asserted of a machine, as `expect` is told it. */
export type Assertion =
  | { readonly kind: 'merged'; readonly extension: string }
  | { readonly kind: 'not-merged'; readonly extension: string }
  /** Installed, and not merged; `because` is a word of ReasonWord in src/report/explanation/reasons.ts. */
  | { readonly kind: 'ignored'; readonly extension: string; readonly because: string | null }
  /** `from`: whose it must be; `null` if it only has to exist. */
  | { readonly kind: 'file'; readonly path: string; readonly from: FileOwner | null }
  | { readonly kind: 'no-file'; readonly path: string }
  /** It can be found and executed; if it has to work, it is run with its arguments. */
  | {
      readonly kind: 'command';
      readonly program: string;
      readonly args: readonly string[];
      readonly works: WorksWithin | null;
    }
  | { readonly kind: 'writable'; readonly path: string; readonly wanted: boolean }
  | { readonly kind: 'unit'; readonly unit: string; readonly wanted: 'active' | 'inactive' };

export type FileOwner = { readonly kind: 'host' } | { readonly kind: 'extension'; readonly name: string };

/** The command has to end with exit status 0 before these seconds are over. */
export interface WorksWithin {
  readonly seconds: number;
}

/** An assertion, and where it was said. */
export interface Stated {
  /** As it was written. */
  readonly text: string;
  readonly place: Place;
  readonly assertion: Assertion;
}

/** An argument of the command line, counted from 1, or a line of a file. */
export type Place =
  | { readonly kind: 'argument'; readonly number: number }
  | { readonly kind: 'line'; readonly file: string; readonly number: number };

export type AssertionKind = Assertion['kind'];

/** How each kind of assertion is written; the part in brackets may be left out. */
export const FORMS: Readonly<Record<AssertionKind, string>> = {
  merged: 'merged EXTENSION',
  'not-merged': 'not-merged EXTENSION',
  ignored: 'ignored EXTENSION [because REASON]',
  file: 'file PATH [from EXTENSION|host]',
  'no-file': 'no-file PATH',
  command: 'command PROGRAM, command "PROGRAM ARGUMENT…" works [within SECONDS]',
  writable: 'writable PATH = yes|no',
  unit: 'unit NAME active|inactive',
};

/** How long a command may take by default: long enough for a `--version` on a busy machine. */
export const DEFAULT_SECONDS = 30;
