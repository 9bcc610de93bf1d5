import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
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
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquire, downloadName } from '../../src/update/acquire.js';
import { compressionOf, decompress } from '../../src/update/compression.js';
import { type Delivery, decideUpdate } from '../../src/update/decide.js';
import { readTransfer } from '../../src/update/read-transfer.js';
import { verifyManifest } from '../../src/update/signature.js';
import { Manifests, takeStock } from '../../src/update/stock.js';
import { provide } from '../support/debian.js';
import { HttpServer } from '../support/http-server.js';
import { ServedFile } from '../support/served-file.js';

const CONTENT = randomBytes(300_000);
/** A comparison of buffers that jest does byte by byte takes a second. */
const isContent = (found: Buffer) => found.equals(CONTENT);
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');
const NOW = new Date('2026-11-28');
const LIMIT = 1024 * 1024;

let root: string;
let server: HttpServer;

beforeAll(async () => {
  server = await HttpServer.open();
});
afterAll(() => server.close());
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-update-')));
  server.files.clear();
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
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
  const text = `[Transfer]\nVerify=no\n[Source]\nType=url-file\nPath=${server.url('/')}\nMatchPattern=${names}\n[Target]\nType=regular-file\nPath=/dst\nMatchPattern=f_@v.raw\n${more}`;
  const { result } = readTransfer('f', 'f', [{ file: 'f', text }], {});
  if ('kind' in result) throw new Error(result.kind);
  const decision = decideUpdate([await takeStock(result, new Manifests(root, NOW), null)]);
  if (decision.kind !== 'update') throw new Error(decision.kind);
  return decision.deliveries[0]!;
}
const left = () => (existsSync(join(root, 'dst')) ? readdirSync(join(root, 'dst')) : []);

describe('an update from a server', () => {
  beforeEach(() => {
    server.files.set('/f_1.raw', CONTENT);
    server.files.set('/SHA256SUMS', `${SHA256}  f_1.raw\n`);
  });

  test('the file is there under a name that nobody takes', async () => {
    const delivery = await deliveryOf();
    const { temporary, path } = await acquire(delivery, delivery.source!, { root, limit: LIMIT });
    expect(path).toBe(join(root, 'dst/f_1.raw'));
    expect(isContent(readFileSync(temporary))).toBe(true);
    expect(left()).toEqual(['.#sysext-f_1.raw']);
  });

  test.each([
    ['goes on', CONTENT.subarray(0, 250_000), ['bytes=250000-']],
    ['was damaged, so it begins anew', Buffer.alloc(250_000), ['bytes=250000-', undefined]],
  ])('what an earlier update has downloaded %s', async (_, part, ranges) => {
    const served = new ServedFile(CONTENT);
    server.files.set('/f_1.raw', served.handler);
    const delivery = await deliveryOf();
    mkdirSync(join(root, 'dst'));
    writeFileSync(join(root, 'dst', downloadName(delivery)!), part);
    const { temporary } = await acquire(delivery, delivery.source!, { root, limit: LIMIT });
    expect(isContent(readFileSync(temporary))).toBe(true);
    expect(served.ranges).toEqual(ranges);
    expect(left()).toEqual(['.#sysext-f_1.raw']);
  });

  test('a file with another checksum is removed', async () => {
    server.files.set('/f_1.raw', Buffer.alloc(100));
    const delivery = await deliveryOf();
    const failed = acquire(delivery, delivery.source!, { root, limit: LIMIT });
    await expect(failed).rejects.toMatchObject({ what: 'checksum', wanted: SHA256 });
    expect(left()).toEqual([]);
  });

  test('a file with another size than its name says is removed', async () => {
    server.files.set('/f_1_5.raw', CONTENT);
    server.files.set('/SHA256SUMS', `${SHA256}  f_1_5.raw\n`);
    const delivery = await deliveryOf('', 'f_@v_@s.raw');
    const failed = acquire(delivery, delivery.source!, { root, limit: LIMIT });
    await expect(failed).rejects.toMatchObject({ what: 'size', wanted: '5', found: '300000' });
    expect(left()).toEqual([]);
  });

  test.each([
    ['missing', () => server.files.delete('/SHA256SUMS')],
    ['line', () => server.files.set('/SHA256SUMS', 'nonsense\n')],
    ['too-old', () => server.files.set('/SHA256SUMS', `${SHA256}  BEST-BEFORE-2026-11-27\n`)],
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
