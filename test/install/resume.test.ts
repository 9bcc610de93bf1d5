import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileMark } from '../../src/install/file-mark.js';
import { DownloadError } from '../../src/install/request.js';
import { type ResumeSettings, resumeDownload } from '../../src/install/resume.js';
import { HttpServer } from '../support/http-server.js';
import { ServedFile } from '../support/served-file.js';

const LIMIT = 1024 * 1024;
const CONTENT = randomBytes(300_000);
const OTHER = randomBytes(300_000);
const SHA256 = sha256Of(CONTENT);
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

let server: HttpServer;
let directory: string;
let served: ServedFile;
/** What was told of the download. */
let marks: FileMark[];
let continued: number[];
beforeAll(async () => {
  server = await HttpServer.open();
});
afterAll(() => server.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'resume-'));
  served = new ServedFile(CONTENT);
  server.files.set('/file', served.handler);
  marks = [];
  continued = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** @returns whether the file has the content that is expected, and its checksum is told */
async function download(
  start: Buffer,
  settings: Partial<ResumeSettings> = {},
  content = CONTENT,
): Promise<boolean> {
  const path = join(directory, 'file');
  writeFileSync(path, start);
  const descriptor = openSync(path, 'r+');
  try {
    const got = await resumeDownload(new URL(server.url('/file')), path, descriptor, {
      limit: LIMIT,
      pause: 1,
      sha256: SHA256,
      onMark: (mark) => marks.push(mark),
      onContinue: (at) => continued.push(at),
      ...settings,
    });
    const found = readFileSync(path);
    return found.equals(content) && got.size === content.length && got.sha256 === sha256Of(content);
  } finally {
    closeSync(descriptor);
  }
}

async function problem(action: Promise<unknown>): Promise<DownloadError['problem']> {
  const error: unknown = await action.catch((thrown: unknown) => thrown);
  if (error instanceof DownloadError) return error.problem;
  throw new Error('no DownloadError', { cause: error });
}

const NOTHING = Buffer.alloc(0);
const PART = CONTENT.subarray(0, 250_000);

describe('by its checksum', () => {
  test('in one go', async () => {
    expect(await download(NOTHING)).toBe(true);
    expect(served.ranges).toEqual([undefined]);
    expect([marks.length, continued]).toEqual([1, []]);
  });

  test('what breaks off goes on where it was', async () => {
    served.breaks = [100_000];
    expect(await download(NOTHING)).toBe(true);
    expect(served.ranges).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
    expect(continued).toHaveLength(1);
  });

  test('what an earlier call has left goes on, from whatever server', async () => {
    served.etag = '"other words"';
    const mark = { etag: '"words"', modified: null, length: CONTENT.length };
    expect(await download(PART, { mark })).toBe(true);
    expect(served.heard).toMatchObject([{ range: 'bytes=250000-' }]);
    expect(served.heard[0]).not.toHaveProperty('if-range');
    expect([marks, continued]).toEqual([[], [250_000]]);
  });

  test('what was complete is only looked at', async () => {
    const told: number[] = [];
    expect(await download(CONTENT, { onProgress: (received) => told.push(received) })).toBe(true);
    expect([served.ranges, told]).toEqual([['bytes=300000-'], []]);
  });

  test('what was damaged is downloaded anew, once', async () => {
    const damaged = Buffer.from(PART);
    damaged.fill(0, 100_000, 200_000);
    expect(await download(damaged)).toBe(true);
    expect(served.ranges).toEqual(['bytes=250000-', undefined]);
    expect(await download(Buffer.concat([CONTENT, CONTENT]))).toBe(true);
    served.content = OTHER;
    expect(await download(PART, {}, OTHER)).toBe(true);
    expect(served.ranges.slice(-2)).toEqual(['bytes=250000-', undefined]);
  });

  test('a server without ranges sends all of it', async () => {
    served.knowsRanges = false;
    expect(await download(PART)).toBe(true);
    expect([continued, marks.length]).toEqual([[], 1]);
  });
});

describe('without a checksum', () => {
  const downloadBy = (start: Buffer, mark: Partial<FileMark> | null, content = CONTENT) =>
    download(
      start,
      {
        sha256: null,
        mark: mark && { etag: null, modified: null, length: CONTENT.length, ...mark },
      },
      content,
    );

  test.each<[string, (file: ServedFile) => void]>([
    [
      'ETag',
      (file) => {
        file.etag = '"1"';
      },
    ],
    [
      'Last-Modified',
      (file) => {
        file.modified = LONG_AGO;
      },
    ],
  ])('%s tells that the rest is of the same file', async (_, say) => {
    say(served);
    served.breaks = [100_000];
    expect(await downloadBy(NOTHING, null)).toBe(true);
    expect(served.ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(served.heard[1]).toHaveProperty('if-range');
    expect(await downloadBy(PART, marks[0]!)).toBe(true);
    expect(continued.at(-1)).toBe(250_000);
    expect(await downloadBy(CONTENT, marks[0]!)).toBe(true);
    expect(continued.at(-1)).toBe(300_000);
  });

  test.each([true, false])(
    'of a file that was exchanged nothing is kept (condition: %s)',
    async (honours) => {
      served.etag = '"2"';
      served.content = OTHER;
      served.honoursConditions = honours;
      expect(await downloadBy(PART, { etag: '"1"' }, OTHER)).toBe(true);
      expect([continued, marks]).toEqual([[], [{ etag: '"2"', modified: null, length: 300_000 }]]);
      expect(await downloadBy(CONTENT, { etag: '"1"' }, OTHER)).toBe(true);
    },
  );

  test('nor of one that has another length, or was exchanged while it came', async () => {
    served.etag = '"1"';
    const longer = Buffer.concat([OTHER, OTHER]);
    served.content = longer;
    expect(await downloadBy(PART, { etag: '"1"' }, longer)).toBe(true);
    expect(continued).toEqual([]);
    served.content = CONTENT;
    served.breaks = [100_000];
    const swap = { onProgress: () => Object.assign(served, { content: OTHER, etag: '"3"' }) };
    expect(await download(NOTHING, { sha256: null, ...swap }, OTHER)).toBe(true);
    expect(continued).toEqual([]);
  });

  test.each<[string, Partial<ServedFile>]>([
    ['nothing', {}],
    ['a weak ETag', { etag: 'W/"1"' }],
    ['that it was changed just now', { modified: new Date() }],
  ])('where the server says %s it begins anew', async (_, says) => {
    Object.assign(served, says);
    served.breaks = [100_000];
    expect(await downloadBy(NOTHING, null)).toBe(true);
    expect(served.ranges).toEqual([undefined, undefined]);
  });

  test.each([
    ['bytes 0-299999/300000'],
    ['bytes 250001-299999/300000'],
    ['bytes */300000'],
    ['nonsense'],
    [null],
  ])('a rest that belongs elsewhere is not taken: %s', async (range) => {
    server.files.set('/file', ({ headers }, response) => {
      if (headers.range === undefined) return response.end(CONTENT);
      return response.writeHead(206, range === null ? {} : { 'Content-Range': range }).end(OTHER);
    });
    expect(await downloadBy(PART, { etag: '"1"' })).toBe(true);
  });

  test('what is packed on the way is no rest', async () => {
    server.files.set('/file', ({ headers }, response) => {
      if (headers.range === undefined) return response.end(CONTENT);
      const range = { 'Content-Range': 'bytes 250000-299999/300000', 'Content-Encoding': 'gzip' };
      return response.writeHead(206, range).end(OTHER);
    });
    expect(await downloadBy(PART, { etag: '"1"' })).toBe(true);
  });
});

describe('what is given up', () => {
  test('too large, as a whole or with what is there', async () => {
    expect(await problem(download(NOTHING, { limit: 100_000 }))).toEqual({
      kind: 'too-large',
      limit: 100_000,
      size: 300_000,
    });
    expect(await problem(download(PART, { limit: 280_000 }))).toMatchObject({ size: 300_000 });
    expect(await problem(download(CONTENT, { limit: 280_000 }))).toMatchObject({ size: 300_000 });
    served.saysLength = false;
    expect(await problem(download(NOTHING, { limit: 100_000 }))).toMatchObject({ size: null });
  });

  test('more than there is room for is not begun', async () => {
    server.files.set('/file', (_, response) => {
      response.writeHead(200, { 'content-length': '900000000000000' });
      response.flushHeaders();
    });
    expect(await problem(download(NOTHING, { limit: Number.MAX_SAFE_INTEGER }))).toMatchObject({
      kind: 'no-room',
      needed: 900_000_000_000_000,
    });
  });

  test('what breaks off again and again', async () => {
    served.breaks = [1, 1, 1, 1, 1];
    expect((await problem(download(NOTHING))).kind).toMatch(/^(connection|truncated)$/);
  });

  test('nothing comes', async () => {
    server.files.set('/file', (_, response) => {
      response.write('12345');
    });
    expect(await problem(download(NOTHING, { patience: 0.05 }))).toEqual({ kind: 'stalled', seconds: 0.05 });
  });

  test('what is not there is not tried again', async () => {
    server.files.delete('/file');
    server.asked.length = 0;
    expect(await problem(download(NOTHING))).toEqual({ kind: 'status', status: 404 });
    expect(server.asked).toHaveLength(1);
    expect(await problem(download(PART))).toEqual({ kind: 'status', status: 404 });
  });

  test('a status that is not that of a file', async () => {
    server.files.set('/file', (_, response) => response.writeHead(206).end());
    expect(await problem(download(NOTHING))).toEqual({ kind: 'status', status: 206 });
  });
});

test('who looks on hears of each piece', async () => {
  const told: [number, number | null][] = [];
  expect(await download(PART, { onProgress: (received, total) => told.push([received, total]) })).toBe(true);
  expect(told.at(-1)).toEqual([300_000, 300_000]);
  expect(told[0]![0]).toBeGreaterThan(250_000);
});
