import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadFile, downloadText } from '../../src/install/download.js';
import { DownloadError, parseAddress, withoutPassword } from '../../src/install/request.js';
import { HttpServer, redirect } from '../support/http-server.js';

let server: HttpServer;
let directory: string;
beforeAll(async () => {
  server = await HttpServer.open();
});
afterAll(() => server.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'download-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const CONTENT = Buffer.alloc(300_000, 'content ');
const SETTINGS = { limit: 1_000_000 };

const download = (path: string, settings = SETTINGS) =>
  downloadFile(new URL(server.url(path)), join(directory, 'file'), settings);

/** The kind of problem with which a download ends. */
async function problem(action: Promise<unknown>): Promise<object> {
  const error: unknown = await action.catch((thrown: unknown) => thrown);
  if (error instanceof DownloadError) return error.problem;
  throw new Error('no DownloadError', { cause: error });
}

test('a file, its size and its checksum; who looks on hears of it', async () => {
  server.files.set('/file', CONTENT);
  const told: [number, number | null][] = [];
  const onProgress = (received: number, total: number | null) => told.push([received, total]);
  const got = await downloadFile(new URL(server.url('/file')), join(directory, 'file'), {
    ...SETTINGS,
    onProgress,
  });
  const sha256 = createHash('sha256').update(CONTENT).digest('hex');
  expect(got).toEqual({ size: CONTENT.length, sha256 });
  expect(readFileSync(join(directory, 'file')).equals(CONTENT)).toBe(true);
  expect(told.at(-1)).toEqual([CONTENT.length, CONTENT.length]);
});

test('redirections, as many as are sane', async () => {
  server.files.set('/there', 'there');
  server.files.set('/relative', redirect('there'));
  server.files.set('/absolute', redirect(server.url('/relative')));
  server.files.set('/round', redirect('/round'));
  server.files.set('/elsewhere', redirect('ftp://127.0.0.1/file'));
  expect(await download('/absolute')).toMatchObject({ size: 5 });
  expect(await problem(downloadText(new URL(server.url('/round')), 10))).toEqual({
    kind: 'redirects',
    limit: 10,
  });
  expect(await problem(downloadText(new URL(server.url('/elsewhere')), 10))).toEqual({
    kind: 'protocol',
    protocol: 'ftp',
  });
});

test('a password goes to the server that it is for, and is shown nowhere', async () => {
  const heard: (string | undefined)[] = [];
  server.files.set('/secret', ({ headers }, response) => {
    heard.push(headers.authorization);
    response.end();
  });
  const url = new URL(server.url('/secret').replace('http://', 'http://me:p%40ss@'));
  await downloadText(url, 10);
  expect(heard).toEqual([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
  expect(withoutPassword(url)).toBe(server.url('/secret'));
  url.pathname = '/missing';
  await expect(downloadFile(url, join(directory, 'file'), SETTINGS)).rejects.toThrow(
    expect.objectContaining({ url: server.url('/missing') }) as Error,
  );
});

test('more than is allowed is not taken, whether the server says so or not', async () => {
  server.files.set('/large', CONTENT);
  server.files.set('/silent', (_, response) => {
    response.write(CONTENT);
    response.end(CONTENT);
  });
  const limit = 100_000;
  expect(await problem(download('/large', { limit }))).toEqual({
    kind: 'too-large',
    limit,
    size: CONTENT.length,
  });
  expect(await problem(download('/silent', { limit }))).toEqual({ kind: 'too-large', limit, size: null });
  expect(await problem(downloadText(new URL(server.url('/silent')), limit))).toMatchObject({
    kind: 'too-large',
  });
});

test('more than there is room for is not begun', async () => {
  server.files.set('/huge', (_, response) => {
    response.writeHead(200, { 'content-length': '900000000000000' });
    response.flushHeaders();
  });
  expect(await problem(download('/huge', { limit: Number.MAX_SAFE_INTEGER }))).toMatchObject({
    kind: 'no-room',
    needed: 900_000_000_000_000,
  });
});

test('a connection that breaks, and one on which nothing comes', async () => {
  server.files.set('/broken', (_, response) => {
    response.writeHead(200, { 'content-length': '10' });
    response.write('12345', () => response.destroy());
  });
  server.files.set('/stalled', (_, response) => {
    response.write('12345');
  });
  expect(['connection', 'truncated']).toContain(
    ((await problem(download('/broken'))) as { kind: string }).kind,
  );
  rmSync(join(directory, 'file'));
  const url = new URL(server.url('/stalled'));
  const settings = { ...SETTINGS, patience: 0.2 };
  expect(await problem(downloadFile(url, join(directory, 'file'), settings))).toEqual({
    kind: 'stalled',
    seconds: 0.2,
  });
  expect(await problem(downloadText(new URL('http://127.0.0.1:1/'), 10))).toMatchObject({
    kind: 'connection',
  });
});

test('what the server does not have', async () => {
  expect(await problem(download('/nothing'))).toEqual({ kind: 'status', status: 404 });
  expect(await downloadText(new URL(server.url('/nothing')), 10)).toBeNull();
  server.files.set('/forbidden', (_, response) => {
    response.statusCode = 403;
    response.end();
  });
  expect(await problem(downloadText(new URL(server.url('/forbidden')), 10))).toEqual({
    kind: 'status',
    status: 403,
  });
});

test('a file that is there is not written to', async () => {
  server.files.set('/file', CONTENT);
  writeFileSync(join(directory, 'file'), 'old');
  await expect(download('/file')).rejects.toThrow('EEXIST');
  expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('old');
});

test('addresses', () => {
  expect(parseAddress('https://example.com/a_1.raw').pathname).toBe('/a_1.raw');
  expect(() => parseAddress('http://')).toThrow(DownloadError);
  expect(() => parseAddress('file:///etc/passwd')).toThrow(DownloadError);
});
