/** One comparison of an extension with a host, as values; the wording is made elsewhere. */
export interface Check {
  readonly check: 'scope' | 'architecture' | 'id' | 'level' | 'version';
  /** The field of the release file of the extension; that of the host has the same name. */
  readonly field: string;
  /** What either side says; `null` where it says nothing. */
  readonly extension: string | null;
  readonly host: string | null;
  readonly rule: CheckRule;
  readonly passed: boolean;
}

/** By which rule a comparison came out as it did (os-release(5), systemd-sysext(8)). */
export type CheckRule =
  /** Both say the same, or not. */
  | 'same'
  | 'other'
  /** `_any`. */
  | 'any'
  /** The extension is for every architecture if it names none. */
  | 'not-set'
  /** The host's scope is one of the extension's, or not; the latter if it names none are `system` and `portable`. */
  | 'listed'
  | 'not-listed'
  | 'default-scope'
  /** The extension says nothing, and must. */
  | 'missing'
  /** Another system that the host says it is like (`ID_LIKE`). */
  | 'like'
  /** Only one of both has a level, so it is not compared. */
  | 'one-sided'
  /** The host has neither version nor level: it is always the newest. */
  | 'rolling'
  /** The host has a level, but no version, and the extension has no level: nothing is left to compare. */
  | 'host-has-none';
