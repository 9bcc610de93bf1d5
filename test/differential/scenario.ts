import type { ExtensionClass } from '../../src/extension-class.js';
import type { Change, Tree } from '../support/tree.js';
import type { DifferenceId } from './intended-differences.js';
import type { Aspect } from './observation.js';

/** Files below a root, and calls of the program on them. What must come out is what the original makes of the same. */
export interface Scenario {
  readonly name: string;
  /** `sysext` if it is not given. */
  readonly class?: ExtensionClass['name'];
  readonly tree: Tree;
  /** In this order. An `unmerge` is added if something is merged after the last one, and what is left is looked at. */
  readonly calls: readonly (Call | string)[];
  /** The first version of the original that can do this: below 254, say, there is no systemd-confext. */
  readonly since?: number;
  /** Where the root is: a `tmpfs` of its own (the default), or the `disk` with the temporary directory. */
  readonly on?: 'tmpfs' | 'disk';
  /** It has disk images: needs root and loop devices, and no loop device may be left. */
  readonly images?: boolean;
  /** It needs root, for what a user namespace may not do. */
  readonly root?: boolean;
}

export interface Call {
  /** Verb and options; `--root=` is added. A string is split at its spaces. */
  readonly args: string | readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What happens to the tree before the call. */
  readonly before?: Change;
  /** What is run in the namespace after that, with the root as working directory: for mounts, and writes to them. */
  readonly script?: string;
  /** A directory of the tree that is the root in place of the whole tree; `null` for a call without `--root=`. */
  readonly root?: string | null;
  /** Intended differences of what is seen after this call. Each must show. */
  readonly differs?: readonly DifferenceId[];
  /** What ours must do where it differs on purpose, and is therefore not compared. */
  readonly expects?: Readonly<Partial<Record<Aspect, string | RegExp>>>;
  /** Sentences that ours must print on standard error, with ROOT for the path of the root. */
  readonly says?: readonly string[];
}

export const asCall = (call: Call | string): Call => (typeof call === 'string' ? { args: call } : call);

export const words = ({ args }: Call): readonly string[] =>
  typeof args === 'string' ? args.split(' ') : args;
