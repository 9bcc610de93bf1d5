import { createHash, type Hash } from 'node:crypto';
import { createReadStream, fstatSync, ftruncateSync, statfsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { conditionOf, type FileMark, fitRest, lengthOf, markOf } from './file-mark.js';
import { type Answer, DownloadError, request, withoutPassword } from './request.js';
import { withRetries } from './retries.js';

export interface ResumeSettings {
  /** Of the whole file, in bytes; more is not taken, whatever the server says. */
  readonly limit: number;
  /** SHA-256 of the whole file, in lower-case hexadecimal digits, if it is known: then what is there can be of any file. */
  readonly sha256: string | null;
  /** What the server said of the file of which the beginning is there; `null` if that is not known. */
  readonly mark?: FileMark | null;
  /** Told what the server says when a download begins, so that somebody can go on with it. */
  readonly onMark?: (mark: FileMark) => void;
  /** Told when one does not begin anew, after how many bytes it goes on. */
  readonly onContinue?: (start: number) => void;
  /** Told of each piece. @param total in bytes, `null` where the server does not say */
  readonly onProgress?: (received: number, total: number | null) => void;
  /** Milliseconds before a second attempt; the third one waits twice as long, and so on. */
  readonly pause?: number;
  /** Seconds without a byte after which the connection is taken for dead. */
  readonly patience?: number;
}

/** What has been downloaded. */
export interface Downloaded {
  readonly size: number;
  /** SHA-256 of all of it, in lower-case hexadecimal digits. */
  readonly sha256: string;
}

/** A file that is written to. */
interface Sink {
  readonly path: string;
  readonly descriptor: number;
}

/** What is learnt on the way. */
interface Course {
  mark: FileMark | null;
  /** Not all of it came in one piece. */
  isPatched: boolean;
  /** Where it went on for the last time. */
  told: number;
}

/**
 * Downloads into a file that is open for reading and writing. What is in it already is taken for the beginning of the same file,
 * so an earlier attempt goes on: if the checksum is known, which tells in the end, or if the server says that it is the same file
 * still. What turns out to be patched together of different files is downloaded anew, once. The file is not yet safe on the
 * disk: putInPlace() does that.
 *
 * @param path of the same file
 * @returns what is there then, whether or not that is the checksum that was wanted
 * @throws DownloadError, the errors of read(2) and write(2)
 */
export async function resumeDownload(
  url: URL,
  path: string,
  descriptor: number,
  settings: ResumeSettings,
): Promise<Downloaded> {
  const sink = { path, descriptor };
  const download = async (mark: FileMark | null) => {
    const course: Course = { mark, isPatched: false, told: 0 };
    const got = await withRetries(() => attempt(url, sink, course, settings), settings.pause);
    return { got, isPatched: course.isPatched };
  };
  const { got, isPatched } = await download(settings.mark ?? null);
  if (!isPatched || settings.sha256 === null || settings.sha256 === got.sha256) return got;
  ftruncateSync(descriptor);
  return (await download(null)).got;
}

async function attempt(url: URL, sink: Sink, course: Course, settings: ResumeSettings): Promise<Downloaded> {
  const { answer, start, total } = await ask(url, sink, course, settings);
  try {
    const hash = createHash('sha256');
    ftruncateSync(sink.descriptor, start);
    await hashFile(sink.descriptor, start, hash);
    if (start > 0) {
      course.isPatched = true;
      // Not again if nothing has come since.
      if (start !== course.told) settings.onContinue?.(start);
      course.told = start;
    } else {
      course.mark = markOf(answer.response);
      settings.onMark?.(course.mark);
    }
    checkRoom(url, sink.path, total, start, settings.limit);
    if (answer.response.status === 416) return { size: start, sha256: hash.digest('hex') };
    const size = await receive(url, answer, sink, hash, { ...settings, start, total });
    return { size, sha256: hash.digest('hex') };
  } finally {
    answer.cancel();
  }
}

/** What comes, where it belongs, and the length of the whole file if that is known. */
interface Coming {
  readonly answer: Answer;
  readonly start: number;
  readonly total: number | null;
}

/** Asks for what is not there, or if that cannot be had, for all of it. */
async function ask(url: URL, sink: Sink, { mark }: Course, settings: ResumeSettings): Promise<Coming> {
  const { sha256, patience } = settings;
  const { size } = fstatSync(sink.descriptor);
  // With a checksum it may as well come from another server, which has other words for the same file.
  const known = sha256 === null ? mark : null;
  const condition = known === null ? null : conditionOf(known);
  if (size > 0 && (sha256 !== null || condition !== null)) {
    const headers = { Range: `bytes=${size}-`, ...(condition === null ? {} : { 'If-Range': condition }) };
    const answer = await request(url, headers, patience);
    const { status } = answer.response;
    if (status !== 206 && status !== 416) return expectWhole(url, answer);
    const total = fitRest(answer.response, size, known);
    if (total !== 'unfit') return { answer, start: size, total };
    answer.cancel();
  }
  return expectWhole(url, await request(url, {}, patience));
}

function expectWhole(url: URL, answer: Answer): Coming {
  const { status } = answer.response;
  if (status === 200) return { answer, start: 0, total: lengthOf(answer.response) };
  answer.cancel();
  throw failure(url, { kind: 'status', status });
}

/** @returns the size of the whole file */
async function receive(
  url: URL,
  answer: Answer,
  { descriptor }: Sink,
  hash: Hash,
  settings: ResumeSettings & { readonly start: number; readonly total: number | null },
): Promise<number> {
  const { limit, start, total, onProgress } = settings;
  let received = start;
  for await (const piece of answer.pieces()) {
    if (received + piece.length > limit) throw failure(url, { kind: 'too-large', limit, size: null });
    for (let at = 0; at < piece.length; )
      at += writeSync(descriptor, piece, at, piece.length - at, received + at);
    hash.update(piece);
    received += piece.length;
    onProgress?.(received, total);
  }
  if (total !== null && received !== total)
    throw failure(url, { kind: 'truncated', received, wanted: total });
  return received;
}

/** Better now than when the disk is full. */
function checkRoom(url: URL, path: string, total: number | null, start: number, limit: number): void {
  if (total === null) return;
  if (total > limit) throw failure(url, { kind: 'too-large', limit, size: total });
  const { bavail, bsize } = statfsSync(dirname(path));
  const [needed, available] = [total - start, bavail * bsize];
  if (needed > available) throw failure(url, { kind: 'no-room', needed, available });
}

async function hashFile(descriptor: number, length: number, hash: Hash): Promise<void> {
  if (length === 0) return;
  const stream = createReadStream('', { fd: descriptor, autoClose: false, start: 0, end: length - 1 });
  for await (const piece of stream) hash.update(piece as Buffer);
}

function failure(url: URL, problem: DownloadError['problem']): DownloadError {
  return new DownloadError(withoutPassword(url), problem);
}
