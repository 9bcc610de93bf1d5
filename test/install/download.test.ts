import { downloadText } from '../../src/install/download.js';
import { DownloadError, parseAddress, withoutPassword } from '../../src/install/request.js';
import { HttpServer, redirect } from '../support/http-server.js';

let server: HttpServer;
beforeAll(async () => {
  server = await HttpServer.open();
});
afterAll(() => server.close());

const CONTENT = Buffer.alloc(300_000, 'content ');
const LIMIT = 1_000_000;

const download = (path: string, limit = LIMIT) => downloadText(new URL(server.url(path)), limit);

/** The kind of problem with which a download ends. */
async function problem(action: Promise<unknown>): Promise<object> {
  const error: unknown = await action.catch((thrown: unknown) => thrown);
  if (error instanceof DownloadError) return error.problem;
  throw new Error('no DownloadError', { cause: error });
}

test('redirections, as many as are sane', async () => {
  server.files.set('/there', 'there');
  server.files.set('/relative', redirect('there'));
  server.files.set('/absolute', redirect(server.url('/relative')));
  server.files.set('/round', redirect('/round'));
  server.files.set('/elsewhere', redirect('ftp://127.0.0.1/file'));
  expect(await download('/absolute')).toBe('there');
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
  server.files.set('/closed', (_, response) => response.writeHead(403).end());
  url.pathname = '/closed';
  await expect(downloadText(url, 10)).rejects.toThrow(
    expect.objectContaining({ url: server.url('/closed') }) as Error,
  );
});

test('more than is allowed is not taken, whether the server says so or not', async () => {
  server.files.set('/large', CONTENT);
  server.files.set('/silent', (_, response) => {
    response.write(CONTENT);
    response.end(CONTENT);
  });
  for (const path of ['/large', '/silent'])
    expect(await problem(download(path, 100_000))).toMatchObject({ kind: 'too-large', limit: 100_000 });
  expect(await download('/large')).toHaveLength(CONTENT.length);
});

test('what the server does not have', async () => {
  expect(await download('/nothing')).toBeNull();
  server.files.set('/forbidden', (_, response) => {
    response.statusCode = 403;
    response.end();
  });
  expect(await problem(downloadText(new URL(server.url('/forbidden')), 10))).toEqual({
    kind: 'status',
    status: 403,
  });
});

test('a server that is in trouble for a moment is asked again', async () => {
  let times = 0;
  server.files.set('/busy', (_, response) => {
    times += 1;
    if (times === 1) return response.writeHead(503).end();
    return response.end('now');
  });
  expect(await download('/busy')).toBe('now');
});

test('addresses', () => {
  expect(parseAddress('https://example.com/a_1.raw').pathname).toBe('/a_1.raw');
  expect(() => parseAddress('http://')).toThrow(DownloadError);
  expect(() => parseAddress('file:///etc/passwd')).toThrow(DownloadError);
});
