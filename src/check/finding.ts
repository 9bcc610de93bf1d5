import { CODES, type FindingCode } from './codes.js';

export type { FindingCode } from './codes.js';

/** `error`: it will not work, or it breaks the host; `warning`: it will hardly be meant; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** Something about an image that its author should know; the wording is made in src/report/findings. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** Inside the image, absolute; `null` for the image as a whole. From the image, so not fit for a terminal. */
  readonly path: string | null;
  /** Values that the wording needs, as they stand in the image. */
  readonly detail: Readonly<Record<string, string>>;
}

/** A finding with the severity that its code has, unless the case is a lighter or heavier one. */
export function found(
  code: FindingCode,
  path: string | null,
  detail: Finding['detail'] = {},
  severity: Severity = CODES[code],
): Finding {
  return { code, severity, path, detail };
}
