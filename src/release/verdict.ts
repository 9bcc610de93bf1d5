/** What the release file of an extension says about a host, as values; the wording is made elsewhere. */

/** The extension may be merged on this host. */
export interface Accepted {
  kind: 'accepted';
  /**
   * What decided: `ID=_any`; a host without version and level (a rolling release); equal levels; equal versions;
   * `id`: the host has only a level, the extension none, so nothing is left to compare; `--force`.
   */
  rule: 'any' | 'rolling' | 'level' | 'version' | 'id' | 'forced';
  /** The host's field that the extension's `ID` was found in, if it was compared. */
  via?: 'ID' | 'ID_LIKE';
  /** For `forced`: what would have been the verdict, if not acceptance. */
  overridden?: Mismatch;
}

/** The extension is ignored, and why: the first check that failed (os-release(5), extension-release). */
export type Mismatch =
  /** `path` and `wanted` are paths inside the image. */
  | { kind: 'forbidden-os-release'; path: string }
  | { kind: 'no-release-file'; wanted: string; others: string[]; getfattrMissing: boolean }
  | { kind: 'ambiguous-release-file'; candidates: string[] }
  | { kind: 'empty-release-file'; path: string }
  | { kind: 'unreadable-release-file'; path: string; cause: unknown }
  /** `wanted` is what the extension asks for, `found` what the host is; so in all that follow. */
  | { kind: 'scope-mismatch'; field: string; wanted: string[]; found: string }
  | { kind: 'architecture-mismatch'; field: 'ARCHITECTURE'; wanted: string; found: string }
  /** The extension has no `ID`; the host's is `found`. */
  | { kind: 'id-missing'; field: 'ID'; found: string }
  | { kind: 'id-mismatch'; field: 'ID'; wanted: string; found: string; idLike: string[] }
  | { kind: 'level-mismatch'; field: string; wanted: string; found: string }
  /** The extension has no `VERSION_ID`; the host's is `found`. */
  | { kind: 'version-missing'; field: 'VERSION_ID'; found: string; level: UnusedLevel }
  | {
      kind: 'version-mismatch';
      field: 'VERSION_ID';
      wanted: string;
      found: string;
      level: UnusedLevel;
    };

/** Why the level did not decide instead of the version: which of both sides has one. At most one is set. */
export interface UnusedLevel {
  field: string;
  extension: string | null;
  host: string | null;
}

export type Verdict = Accepted | Mismatch;
