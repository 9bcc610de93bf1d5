import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Answer, DownloadError, request, withoutPassword } from './request.js';

export interface DownloadSettings {
  /** In bytes; more is not taken, whatever the server says. */
  readonly limit: number;
  /** Told of each piece. @param total in bytes, `null` where the server does not say */
  readonly onProgress?: (received: number, total: number | null) => void;
  /** Seconds without a byte after which the connection is taken for dead. */
  readonly patience?: number;
}

/** What has been downloaded. */
export interface Downloaded {
  readonly size: number;
  /** SHA-256 of all of it, in lower-case hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Downloads a file, and computes its checksum on the way. The file is not yet safe on the disk: putInPlace() does that.
 *
 * @param path of the new file, which must not exist: best a hidden name in the directory where it is to be. What was written
 *   before a failure stays there.
 * @throws DownloadError, the errors of open(2) and write(2)
 */
export async function downloadFile(url: URL, path: string, settings: DownloadSettings): Promise<Downloaded> {
  const answer = await request(url, {}, settings.patience);
  try {
    if (answer.response.status !== 200) fail(url, { kind: 'status', status: answer.response.status });
    const total = lengthOf(answer.response);
    checkRoom(url, total, path, settings);
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const file = openSync(path, flags, 0o644);
    try {
      return await receive(url, answer, total, file, settings);
    } finally {
      closeSync(file);
    }
  } finally {
    answer.cancel();
  }
}

async function receive(
  url: URL,
  answer: Answer,
  total: number | null,
  file: number,
  { limit, onProgress }: DownloadSettings,
): Promise<Downloaded> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of answer.pieces()) {
    size += piece.length;
    if (size > limit) fail(url, { kind: 'too-large', limit, size: null });
    for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
    hash.update(piece);
    onProgress?.(size, total);
  }
  if (total !== null && size !== total) fail(url, { kind: 'truncated', received: size, wanted: total });
  return { size, sha256: hash.digest('hex') };
}

/**
 * Downloads a small text file.
 *
 * @param limit in bytes
 * @returns `null` where the server has none
 * @throws DownloadError
 */
export async function downloadText(url: URL, limit: number): Promise<string | null> {
  return (await downloadSmall(url, limit))?.toString('utf8') ?? null;
}

/** The same for a file that is no text. */
export async function downloadSmall(url: URL, limit: number): Promise<Buffer | null> {
  const answer = await request(url);
  try {
    const { status } = answer.response;
    if (status === 404 || status === 410) return null;
    if (status !== 200) fail(url, { kind: 'status', status });
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of answer.pieces()) {
      size += piece.length;
      if (size > limit) fail(url, { kind: 'too-large', limit, size: null });
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } finally {
    answer.cancel();
  }
}

/** Of what is not packed on the way; else it would be that of the packed form. */
export function lengthOf({ headers }: Response): number | null {
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') return null;
  const length = headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** Better now than when the disk is full. */
function checkRoom(url: URL, total: number | null, path: string, { limit }: DownloadSettings): void {
  if (total === null) return;
  if (total > limit) fail(url, { kind: 'too-large', limit, size: total });
  const { bavail, bsize } = statfsSync(dirname(path));
  const available = bavail * bsize;
  if (total > available) fail(url, { kind: 'no-room', needed: total, available });
}

function fail(url: URL, problem: DownloadError['problem']): never {
  throw new DownloadError(withoutPassword(url), problem);
}
