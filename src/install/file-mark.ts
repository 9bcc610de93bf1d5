/** What a server said of a file when it sent its beginning, by which the same file is known again. */
export interface FileMark {
  /** `ETag`, if each change of a byte makes it another one. */
  readonly etag: string | null;
  /** `Last-Modified`, if it cannot have been changed twice in the same second. */
  readonly modified: string | null;
  /** In bytes. */
  readonly length: number | null;
}

/** A file that was changed so shortly before it was sent, in milliseconds, may have been changed again (RFC 9110, 8.8.2.2). */
const SETTLED = 60_000;

/** @param response with all of the file */
export function markOf(response: Response): FileMark {
  const { headers } = response;
  if (isEncoded(response)) return { etag: null, modified: null, length: null };
  const [etag, modified, date] = ['etag', 'last-modified', 'date'].map((name) => headers.get(name));
  const age = Date.parse(date ?? '') - Date.parse(modified ?? '');
  return {
    etag: etag?.startsWith('"') ? etag : null,
    modified: age >= SETTLED ? modified! : null,
    length: lengthOf(response),
  };
}

/** What a request for the rest of the file says so that it gets that of no other one; `null` if it can say nothing. */
export function conditionOf({ etag, modified }: FileMark): string | null {
  return etag ?? modified;
}

/**
 * Where the rest that a server sends belongs: behind the bytes that are there, if it is of the same file. What a server makes of
 * the condition in the request is not relied on.
 *
 * @param response of status 206 (Partial Content) or 416 (Range Not Satisfiable), which says that there is no rest
 * @param size in bytes, of what is there
 * @param mark `null` if nobody knows what the beginning is of; then only a checksum can tell
 * @returns the length of the whole file, `null` if it is not known; `unfit` for what belongs elsewhere, or to another file
 */
export function fitRest(response: Response, size: number, mark: FileMark | null): number | null | 'unfit' {
  const { status, headers } = response;
  const [, start, words = ''] =
    /^bytes (?:(\d{1,15})-\d{1,15}|\*)\/(\d{1,15}|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
  const length = /^\d+$/.test(words) ? Number(words) : null;
  const isBehind = status === 416 ? start === undefined && length === size : Number(start) === size;
  if (!isBehind || isEncoded(response)) return 'unfit';
  if (mark?.length !== undefined && mark.length !== null && length !== null && mark.length !== length)
    return 'unfit';
  const isOther = (name: string, wanted: string | null | undefined) =>
    wanted !== undefined && wanted !== null && (headers.get(name) ?? wanted) !== wanted;
  if (isOther('etag', mark?.etag) || isOther('last-modified', mark?.modified)) return 'unfit';
  return length;
}

/** Of what is not packed on the way; else it would be that of the packed form. */
export function lengthOf(response: Response): number | null {
  if (isEncoded(response)) return null;
  const length = response.headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

function isEncoded({ headers }: Response): boolean {
  return (headers.get('content-encoding') ?? 'identity') !== 'identity';
}
