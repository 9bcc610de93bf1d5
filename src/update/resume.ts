import { createHash, type Hash } from 'node:crypto';
import { createReadStream, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { lengthOf } from '../install/download.js';
import { DownloadError, request, withoutPassword } from '../install/request.js';

/** How often what may be a passing trouble is tried again, and after how many milliseconds for the first time. */
const RETRIES = 4;
const PAUSE = 250;

/** Troubles that can pass. */
const PASSING: readonly string[] = ['connection', 'stalled', 'truncated'];

export interface ResumeSettings {
  /** Of the whole file, in bytes. */
  readonly limit: number;
  readonly onProgress?: (received: number, total: number | null) => void;
  /** Milliseconds before a second attempt; the third one waits twice as long, and so on. */
  readonly pause?: number;
}

/**
 * Downloads into a file that is open for reading and writing. What is in it already is taken for the beginning of the same
 * file, so an earlier attempt goes on; whether it was can only be told by the checksum.
 *
 * @param path of the same file
 * @returns the SHA-256 of all of it, in lower-case hexadecimal digits
 * @throws DownloadError, the errors of read(2) and write(2)
 */
export function resumeDownload(
  url: URL,
  path: string,
  descriptor: number,
  settings: ResumeSettings,
): Promise<string> {
  return withRetries(() => attempt(url, path, descriptor, settings), settings.pause);
}

/** Does something again that may fail because a server or the way to it is in trouble for a moment. */
export async function withRetries<Result>(action: () => Promise<Result>, pause = PAUSE): Promise<Result> {
  for (let count = 0; ; count += 1) {
    try {
      return await action();
    } catch (error) {
      if (!isPassing(error) || count === RETRIES) throw error;
      await setTimeout(pause * 2 ** count);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof DownloadError)) return false;
  const { problem } = error;
  return PASSING.includes(problem.kind) || (problem.kind === 'status' && problem.status >= 500);
}

async function attempt(
  url: URL,
  path: string,
  descriptor: number,
  { limit, onProgress }: ResumeSettings,
): Promise<string> {
  const fail = (problem: DownloadError['problem']) => new DownloadError(withoutPassword(url), problem);
  const { size } = fstatSync(descriptor);
  const answer = await request(url, size > 0 ? { Range: `bytes=${size}-` } : {});
  try {
    const { status } = answer.response;
    const hash = createHash('sha256');
    // Range Not Satisfiable: there is nothing behind what we have.
    if (status === 416 && size > 0) {
      await hashFile(path, size, hash);
      return hash.digest('hex');
    }
    if (status !== 200 && status !== 206) throw fail({ kind: 'status', status });
    const start = status === 206 ? size : 0;
    ftruncateSync(descriptor, start);
    await hashFile(path, start, hash);
    const length = lengthOf(answer.response);
    const total = length === null ? null : start + length;
    if (total !== null && total > limit) throw fail({ kind: 'too-large', limit, size: total });
    let received = start;
    for await (const piece of answer.pieces()) {
      if (received + piece.length > limit) throw fail({ kind: 'too-large', limit, size: null });
      for (let at = 0; at < piece.length; )
        at += writeSync(descriptor, piece, at, piece.length - at, received + at);
      hash.update(piece);
      received += piece.length;
      onProgress?.(received, total);
    }
    if (total !== null && received !== total) throw fail({ kind: 'truncated', received, wanted: total });
    return hash.digest('hex');
  } finally {
    answer.cancel();
  }
}

async function hashFile(path: string, length: number, hash: Hash): Promise<void> {
  if (length === 0) return;
  for await (const piece of createReadStream(path, { end: length - 1 })) hash.update(piece as Buffer);
}
