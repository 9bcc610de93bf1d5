import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquire } from '../../src/update/acquire.js';
import { compressionOf, decompress } from '../../src/update/compression.js';
import { type Delivery, decideUpdate } from '../../src/update/decide.js';
import { readTransfer } from '../../src/update/read-transfer.js';
import { resumeDownload } from '../../src/update/resume.js';
import { verifyManifest } from '../../src/update/signature.js';
import { Manifests, takeStock } from '../../src/update/stock.js';
import { provide } from '../support/debian.js';

const CONTENT = randomBytes(300_000);
/** A comparison of buffers that jest does byte by byte takes a second. */
const isContent = (found: Buffer) => found.equals(CONTENT);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const NOW = new Date('2026-11-28');
const LIMIT = 1024 * 1024;

let root: string;
let server: Server;
/** What the server has. */
const served = new Map<string, Buffer | string>();
/** The ranges that were asked for. */
let ranges: (string | undefined)[];
/** After how many bytes the server breaks off, once for each. */
let breaks: number[];
/** A server that does not know ranges sends all. */
let knowsRanges: boolean;

beforeAll(async () => {
  server = createServer((request, response) => {
    const content = served.get((request.url ?? '').slice(1));
    if (content === undefined) return response.writeHead(404).end();
    const { range } = request.headers;
    ranges.push(range);
    const start = knowsRanges ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
    const all = Buffer.from(content);
    if (start > 0 && start >= all.length) return response.writeHead(416).end();
    const piece = all.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': piece.length });
    const end = breaks.shift();
    if (end === undefined) return response.end(piece);
    return response.write(piece.subarray(0, end), () => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-update-')));
  served.clear();
  ranges = [];
  breaks = [];
  knowsRanges = true;
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function download(start: Buffer | string = ''): Promise<boolean> {
  const path = join(root, 'file');
  writeFileSync(path, start);
  const descriptor = openSync(path, 'r+');
  try {
    const settings = { limit: LIMIT, pause: 1 };
    const sha256 = await resumeDownload(new URL(`${address()}/f`), path, descriptor, settings);
    return sha256 === SHA256 && isContent(readFileSync(path));
  } finally {
    closeSync(descriptor);
  }
}

describe('a download', () => {
  beforeEach(() => {
    served.set('f', CONTENT);
  });

  test('in one go', async () => {
    expect(await download()).toBe(true);
    expect(ranges).toEqual([undefined]);
  });

  test('that breaks off goes on where it was', async () => {
    breaks = [100_000];
    expect(await download()).toBe(true);
    expect(ranges).toHaveLength(2);
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('of an earlier call goes on', async () => {
    expect(await download(CONTENT.subarray(0, 250_000))).toBe(true);
    expect(ranges).toEqual(['bytes=250000-']);
  });

  test('that was complete is only looked at', async () => {
    expect(await download(CONTENT)).toBe(true);
  });

  test('of a server without ranges begins anew', async () => {
    knowsRanges = false;
    expect(await download(CONTENT.subarray(0, 250_000))).toBe(true);
  });

  test('that is too large is given up', async () => {
    served.set('f', Buffer.alloc(LIMIT + 1));
    await expect(download()).rejects.toMatchObject({ problem: { kind: 'too-large', limit: LIMIT } });
  });

  test('that breaks off again and again is given up', async () => {
    breaks = [1, 1, 1, 1, 1];
    await expect(download()).rejects.toMatchObject({
      problem: { kind: expect.stringMatching(/^(connection|truncated)$/) },
    });
  });

  test('of what is not there is not tried again', async () => {
    served.clear();
    await expect(download()).rejects.toMatchObject({ problem: { kind: 'status', status: 404 } });
  });
});

const packers = { gzip: 'gzip', xz: 'xz-utils', zstd: 'zstd', bzip2: 'bzip2' } as const;

describe.each(Object.keys(packers) as (keyof typeof packers)[])('packed by %s', (program) => {
  const it = provide({ [program]: packers[program] }) === null ? test : test.skip;
  const unpack = async (content: Buffer, limit = LIMIT) => {
    const path = join(root, 'packed');
    const output = join(root, 'plain');
    writeFileSync(path, content);
    writeFileSync(output, '');
    const descriptor = openSync(path, 'r');
    try {
      expect(compressionOf(descriptor)).toBe(program);
      await decompress(program, descriptor, output, limit);
      return readFileSync(output);
    } finally {
      closeSync(descriptor);
    }
  };
  const packed = () => spawnSync(program, ['-c'], { input: CONTENT, maxBuffer: LIMIT }).stdout;

  it('it is unpacked', async () => {
    expect(isContent(await unpack(packed()))).toBe(true);
  });
  it('it is damaged', async () => {
    const damaged = packed();
    damaged.fill(0xff, Math.floor(damaged.length / 2));
    await expect(unpack(damaged)).rejects.toMatchObject({ program });
  });
  it('it is larger than it may be', async () => {
    await expect(unpack(packed(), 1000)).rejects.toMatchObject({ limit: 1000 });
  });
});

async function deliveryOf(more = '', names = 'f_@v.raw'): Promise<Delivery> {
  const text = `[Transfer]\nVerify=no\n[Source]\nType=url-file\nPath=${address()}/\nMatchPattern=${names}\n[Target]\nType=regular-file\nPath=/dst\nMatchPattern=f_@v.raw\n${more}`;
  const { result } = readTransfer('f', 'f', [{ file: 'f', text }], {});
  if ('kind' in result) throw new Error(result.kind);
  const decision = decideUpdate([await takeStock(result, new Manifests(root, NOW), null)]);
  if (decision.kind !== 'update') throw new Error(decision.kind);
  return decision.deliveries[0]!;
}
const left = () => (existsSync(join(root, 'dst')) ? readdirSync(join(root, 'dst')) : []);

describe('an update from a server', () => {
  beforeEach(() => {
    served.set('f_1.raw', CONTENT);
    served.set('SHA256SUMS', `${SHA256}  f_1.raw\n`);
  });

  test('the file is there under a name that nobody takes', async () => {
    const delivery = await deliveryOf();
    const { temporary, path } = await acquire(delivery, delivery.source!, { root, limit: LIMIT });
    expect(path).toBe(join(root, 'dst/f_1.raw'));
    expect(isContent(readFileSync(temporary))).toBe(true);
    expect(left()).toEqual(['.#sysext-f_1.raw']);
  });

  test('a file with another checksum is removed', async () => {
    served.set('f_1.raw', Buffer.alloc(100));
    const delivery = await deliveryOf();
    const failed = acquire(delivery, delivery.source!, { root, limit: LIMIT });
    await expect(failed).rejects.toMatchObject({ what: 'checksum', wanted: SHA256 });
    expect(left()).toEqual([]);
  });

  test('a file with another size than its name says is removed', async () => {
    served.set('f_1_5.raw', CONTENT);
    served.set('SHA256SUMS', `${SHA256}  f_1_5.raw\n`);
    const delivery = await deliveryOf('', 'f_@v_@s.raw');
    const failed = acquire(delivery, delivery.source!, { root, limit: LIMIT });
    await expect(failed).rejects.toMatchObject({ what: 'size', wanted: '5', found: '300000' });
    expect(left()).toEqual([]);
  });

  test.each([
    ['missing', () => served.delete('SHA256SUMS')],
    ['line', () => served.set('SHA256SUMS', 'nonsense\n')],
    ['too-old', () => served.set('SHA256SUMS', `${SHA256}  BEST-BEFORE-2026-11-27\n`)],
  ])('a list of files that cannot be used: %s', async (kind, spoil) => {
    spoil();
    await expect(deliveryOf()).rejects.toMatchObject({ problem: { kind } });
  });
});

describe('a signature', () => {
  const it = provide({ gpg: 'gnupg', gpgv: 'gpgv' }) === null ? test : test.skip;
  let home: string;
  const gpg = (...words: string[]) => {
    const { status, stderr, stdout } = spawnSync('gpg', ['--homedir', home, '--batch', '--quiet', ...words]);
    if (status !== 0) throw new Error(stderr.toString());
    return stdout;
  };
  const MANIFEST = Buffer.from(`${SHA256}  f_1.raw\n`);
  let signature: Buffer;
  let key: Buffer;
  let armored: Buffer;

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'sysext-gpg-'));
    gpg('--passphrase', '', '--quick-generate-key', 'publisher@example.org', 'ed25519', 'sign', 'never');
    const file = join(home, 'manifest');
    writeFileSync(file, MANIFEST);
    gpg('--output', `${file}.gpg`, '--detach-sign', file);
    signature = readFileSync(`${file}.gpg`);
    key = gpg('--export');
    armored = gpg('--armor', '--export');
  });
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });
  const trust = (path: string, content: Buffer) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  };

  it('by a key of the keyring', () => {
    trust('etc/systemd/import-pubring.pgp', key);
    expect(verifyManifest(MANIFEST, signature, root)).toEqual({ kind: 'good' });
  });
  it('by a key that was exported as text', () => {
    trust('usr/lib/systemd/import-pubring.gpg', armored);
    expect(verifyManifest(MANIFEST, signature, root)).toEqual({ kind: 'good' });
  });
  it('of another text', () => {
    trust('etc/systemd/import-pubring.pgp', key);
    expect(verifyManifest(Buffer.from('x'), signature, root)).toMatchObject({ kind: 'bad' });
  });
  it('that is none', () => {
    trust('etc/systemd/import-pubring.pgp', key);
    expect(verifyManifest(MANIFEST, Buffer.from('x'), root)).toMatchObject({ kind: 'bad' });
  });
  it('by somebody else', () => {
    trust('etc/systemd/import-pubring.pgp', Buffer.from(''));
    expect(verifyManifest(MANIFEST, signature, root)).toMatchObject({ kind: 'bad' });
  });
  it('where nobody is trusted', () => {
    expect(verifyManifest(MANIFEST, signature, root)).toEqual({ kind: 'no-keyring' });
  });
});
