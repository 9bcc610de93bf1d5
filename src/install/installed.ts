import type { SwitchedOff } from '../images/switched-off.js';
import type { Rule } from '../images/versioned-directory.js';

/** What was put where. */
export interface Installed {
  readonly name: string;
  readonly version: string | null;
  readonly path: string;
  /** `same`: it was there already. `replaced`: another one without version was there. */
  readonly how: 'new' | 'replaced' | 'same';
}

/** What a merge makes of one version. */
export type VersionState =
  | 'picked'
  /** Another version of the same directory is better. */
  | 'not-picked'
  /** An earlier search directory has the name. */
  | 'hidden'
  /** It would be picked, if the name were not switched off. */
  | 'off';

/** One version of an extension. */
export interface InstalledVersion {
  readonly version: string | null;
  readonly architecture: string | null;
  readonly path: string;
  readonly state: VersionState;
  /** Why it is not picked. */
  readonly rule: Rule | null;
  /** `null`: systemd has merged the name, and does not say which version. */
  readonly isMerged: boolean | null;
  readonly triesLeft: number | null;
  readonly triesDone: number | null;
}

/** All that is there of one name. */
export interface InstalledName {
  readonly name: string;
  readonly off: { readonly how: SwitchedOff; readonly entry: string } | null;
  /** The picked one first. */
  readonly versions: readonly InstalledVersion[];
}
