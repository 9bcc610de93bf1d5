import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTree, noise } from '../../images/verity/make-tree.js';
import { type Identity, SignatureScratch } from '../../images/verity/sign.js';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { makeImage } from '../../support/make-images.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { file } from '../../support/tree.js';
import { addDdi, describeWithDdis, filesOf, imageStatus, PLACE, partsOf, withSource } from './ddi.js';

/** As systemd-repart(8) signs. */
const PLAIN = ['-noattr', '-nocerts'];

/** The kinds of signature that an image can come with, and what must be said of each. */
interface Case {
  /** Below the root, who is trusted: the one who has signed, somebody else, both or nobody. */
  readonly trusted: readonly ('signer' | 'other')[];
  /** What is done to the signature; it is as it should be if it is not given. */
  readonly signature?: (signature: Buffer) => Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** Of what is not good. */
  readonly says?: RegExp;
}

const OFF = /checking signatures against certificates is switched off/;
const CASES: Readonly<Record<string, Case>> = {
  'by somebody who is trusted': { trusted: ['signer'] },
  'by one of two who are trusted': { trusted: ['other', 'signer'] },
  'by somebody else': {
    trusted: ['other'],
    says: /its signer \(issuer 'CN=signer', number [0-9a-f:]+\) is none of the 1 who are trusted/,
  },
  'while nobody is trusted': { trusted: [], says: /nobody is trusted to sign: there is no certificate/ },
  'which is damaged': {
    trusted: ['signer'],
    signature: (bytes) => bytes.fill(bytes.at(-1)! ^ 1, bytes.length - 1),
    says: /its signature is damaged, or that of another root hash/,
  },
  'which is cut off': {
    trusted: ['signer'],
    signature: (bytes) => bytes.subarray(0, 100),
    says: /its signature cannot be read \(.+\)/,
  },
  'with the check switched off by SYSTEMD_ALLOW_USERSPACE_VERITY': {
    trusted: ['signer'],
    env: { SYSTEMD_ALLOW_USERSPACE_VERITY: '0' },
    says: OFF,
  },
  'with the check switched off by SYSTEMD_DISSECT_VERITY_SIGNATURE': {
    trusted: ['signer'],
    env: { SYSTEMD_DISSECT_VERITY_SIGNATURE: '0' },
    says: OFF,
  },
};

describeWithDdis('the signature of a root hash', () => {
  let machine: Machine;
  let scratch: SignatureScratch;
  let people: Record<'signer' | 'other', Identity>;
  /** Bytes of the signed image, and places in them. */
  let image: { file: string; whole: Buffer; rootHash: string; at: number };
  let bare: { file: string; rootHash: string };

  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    scratch = new SignatureScratch();
    people = { signer: scratch.identity('/CN=signer'), other: scratch.identity('/CN=other') };
    const { certificate, key: privateKey } = people.signer;
    const files = { ...filesOf('safe'), 'usr/share/noise': file(noise(20_000)) };
    const { rootHash } = addDdi(machine, '../signed.raw', files, {
      verity: true,
      key: { certificate, privateKey },
    });
    const path = join(machine.directory, 'signed.raw');
    const { bytes, chosen } = partsOf(path);
    image = { file: path, whole: bytes, rootHash: rootHash!, at: Number(chosen.signature!.offset) };

    const plain = join(machine.directory, 'bare.raw');
    withSource(machine, filesOf('safe'), (source) => makeImage('squashfs', source, plain));
    const made = makeTree(readFileSync(plain));
    writeFileSync(join(machine.directory, 'bare.verity'), made.tree);
    bare = { file: plain, rootHash: made.rootHash.toString('hex') };
    mkdirSync(join(machine.root, PLACE), { recursive: true });
  });
  afterEach(async () => {
    succeeded(await machine.call('unmerge'));
    for (const place of [PLACE, 'etc/verity.d'])
      rmSync(join(machine.root, place), { recursive: true, force: true });
    mkdirSync(join(machine.root, PLACE), { recursive: true });
  });
  afterAll(async () => {
    scratch.remove();
    await machine.close();
  });

  const trust = (names: readonly ('signer' | 'other')[], place = 'etc/verity.d') => {
    mkdirSync(join(machine.root, place), { recursive: true });
    for (const name of names)
      copyFileSync(people[name].certificate, join(machine.root, place, `${name}.crt`));
  };
  const put = (name: string, bytes: Buffer | string) => writeFileSync(join(machine.root, PLACE, name), bytes);

  /** Puts an image in place, with a signature in a partition or beside it. */
  const KINDS = {
    'in a partition': (change: (signature: Buffer) => Buffer) => {
      const bytes = Buffer.from(image.whole);
      const end = bytes.indexOf(0, image.at);
      const json = JSON.parse(bytes.toString('utf8', image.at, end)) as { signature: string };
      const signature = change(Buffer.from(json.signature, 'base64')).toString('base64');
      bytes.fill(0, image.at, end).write(JSON.stringify({ ...json, signature }), image.at);
      put('safe.raw', bytes);
      return image.rootHash;
    },
    'beside a file system': (change: (signature: Buffer) => Buffer) => {
      put('safe.raw', readFileSync(bare.file));
      put('safe.verity', readFileSync(join(machine.directory, 'bare.verity')));
      put('safe.roothash', bare.rootHash);
      put('safe.roothash.p7s', change(scratch.sign(bare.rootHash, [people.signer], PLAIN)));
      return bare.rootHash;
    },
  } as const;

  describe.each(Object.keys(KINDS) as (keyof typeof KINDS)[])('%s', (kind) => {
    test.each(Object.entries(CASES))('%s', async (_, { trusted, signature, env = {}, says }) => {
      trust(trusted);
      const rootHash = KINDS[kind](signature ?? ((bytes) => bytes));
      const before = machine.state();

      const strict = await machine.call('merge --log-level=warning --image-policy=root=signed', { env });
      if (says === undefined) {
        expect(succeeded(strict).stderr).toBe('');
        expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'signed', rootHash });
        succeeded(await machine.call('unmerge'));
      } else {
        const line = failedWith(strict);
        expect(line).toMatch(/: the image policy asks for a signature, and /);
        expect(line).toMatch(says);
        expect(line).toMatch(/; [^;]+\. Nothing was changed\.$/);
        await machine.expectState(before);
      }

      // By default a signature that is not good is as good as none: but that is said.
      const { stderr } = succeeded(await machine.call('merge --log-level=warning', { env }));
      if (says === undefined) expect(stderr).toBe('');
      else {
        expect(stderr).toMatch(
          /^'safe' is merged as an image without signature, though it has one: [^\n]+\n$/,
        );
        expect(stderr).toMatch(says);
      }
      const protection = says === undefined ? 'signed' : 'verity';
      expect(await imageStatus(machine, 'safe')).toMatchObject({ protection, rootHash });
      expect(machine.read('opt/safe')).toBe('safe\n');
      succeeded(await machine.call('unmerge'));
      await machine.expectState(before);
    });
  });

  test('that is good does not make up for data that is not', async () => {
    trust(['signer']);
    const bytes = Buffer.from(image.whole);
    const { chosen } = partsOf(image.file);
    bytes[Number(chosen.data.offset) + 4096 + 100]! ^= 1;
    put('safe.raw', bytes);
    for (const policy of ['root=signed', 'root=signed+verity', '*'])
      expect(failedWith(await machine.call(`merge --log-level=warning --image-policy=${policy}`))).toContain(
        'block 1 of its data is not what it was',
      );
  });

  test('that is another root hash is not good', async () => {
    trust(['signer']);
    KINDS['beside a file system'](() => scratch.sign('00'.repeat(32), [people.signer], PLAIN));
    expect(failedWith(await machine.call('merge --image-policy=root=signed'))).toMatch(
      /its signature is damaged, or that of another root hash/,
    );
  });

  test('that is missing is told of as missing', async () => {
    trust(['signer']);
    KINDS['beside a file system']((bytes) => bytes);
    rmSync(join(machine.root, PLACE, 'safe.roothash.p7s'));
    const line = failedWith(await machine.call('merge --log-level=warning --image-policy=root=signed'));
    expect(line).toMatch(/the image policy 'root=signed' refuses it: root is .*, and must be signed/);
    expect(succeeded(await machine.call('merge --log-level=warning')).stderr).toBe('');
    expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'verity' });
  });

  test.each(['etc/verity.d', 'run/verity.d', 'usr/local/lib/verity.d', 'usr/lib/verity.d'])(
    'is checked against certificates in /%s below the root',
    async (place) => {
      trust(['signer'], place);
      try {
        KINDS['in a partition']((bytes) => bytes);
        succeeded(await machine.call('merge --image-policy=root=signed'));
        expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'signed' });
        succeeded(await machine.call('unmerge'));
      } finally {
        rmSync(join(machine.root, place), { recursive: true });
      }
    },
  );

  test('has the image refreshed when its signer is no longer trusted', async () => {
    trust(['signer']);
    KINDS['in a partition']((bytes) => bytes);
    succeeded(await machine.call('merge'));
    expect(succeeded(await machine.call('refresh')).stderr).toContain('no change was found');
    rmSync(join(machine.root, 'etc/verity.d/signer.crt'));
    expect(succeeded(await machine.call('refresh')).stderr).toMatch(
      /'safe' is merged as an image without signature/,
    );
    expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'verity' });
    // And not the other way round, with a policy that wants it.
    const line = failedWith(await machine.call('refresh --log-level=warning --image-policy=root=signed'));
    expect(line).toContain('nobody is trusted to sign: there is no certificate');
    expect(machine.read('opt/safe')).toBe('safe\n');
  });

  test('is asked for in an initrd of what the boot loader has found, unless another policy is set', async () => {
    trust(['signer']);
    mkdirSync(join(machine.root, '.extra/sysext'), { recursive: true });
    writeFileSync(join(machine.root, 'etc/initrd-release'), 'ID=debian\nVERSION_ID=13\n');
    // Scope and place of an initrd.
    withSource(machine, filesOf('plain'), (source) =>
      makeImage('squashfs', source, join(machine.root, '.extra/sysext/plain.raw')),
    );
    try {
      const line = failedWith(await machine.call('merge --log-level=warning'));
      expect(line).toMatch(/the image policy 'root=signed\+absent:usr=signed\+absent' refuses it/);
      const loose = await machine.call('merge --log-level=warning --image-policy=root=unprotected --force');
      expect(succeeded(loose).stderr).not.toContain('image policy');
    } finally {
      rmSync(join(machine.root, '.extra'), { recursive: true });
      rmSync(join(machine.root, 'etc/initrd-release'));
    }
  });
});
