import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Partition } from '../../../src/images/disk/partition-table.js';
import { readSuperblock, type VeritySuperblock } from '../../../src/images/verity/superblock.js';
import { treeLayout } from '../../../src/images/verity/tree-layout.js';
import { flipped, makeTree, noise } from '../../images/verity/make-tree.js';
import { HOST } from '../../support/fixtures.js';
import { ENTRY, repairChecksums } from '../../support/gpt-bytes.js';
import { Machine, onMachine } from '../../support/machine.js';
import { makeImage } from '../../support/make-images.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, file, type Tree } from '../../support/tree.js';
import { addDdi, describeWithDdis, filesOf, imageStatus, PLACE, partsOf, withSource } from './ddi.js';

/** More than fits below one hash block, so that the tree has two levels. */
const NOISE = noise(700 * 1024);
const withNoise = (name: string): Tree => ({ ...filesOf(name), 'usr/share/noise': file(NOISE) });
const IMAGE = `${PLACE}/safe.raw`;

/** The whole image was read, and why. */
const CHECKED =
  /^Checked all (\d+) bytes of 'safe' against its hash tree before mounting, since the kernel cannot do it while it reads: .+\.$/m;

/** Where something is in an image that a hash tree protects, in bytes from its start. */
function placesIn(path: string) {
  const { bytes, chosen, section } = partsOf(path);
  const tree = chosen.verity!;
  const superblock = readSuperblock(section(tree)) as VeritySuperblock;
  const { levels } = treeLayout(superblock);
  const inTree = (block: number) => Number(tree.offset) + block * superblock.hashBlockSize;
  const entry = (partition: Partition) => 2 * 512 + (partition.number - 1) * 128;
  return { bytes, chosen, superblock, levels, inTree, entry, data: Number(chosen.data.offset) };
}

describeWithDdis('an image with a hash tree', () => {
  let machine: Machine;
  let image: string;
  let rootHash: string | null;
  let whole: Buffer;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    ({ rootHash } = addDdi(machine, IMAGE, withNoise('safe'), { verity: true }));
    image = join(machine.root, IMAGE);
    whole = readFileSync(image);
  });
  afterEach(async () => {
    succeeded(await machine.call('unmerge'));
    writeFileSync(image, whole);
  });
  afterAll(() => machine.close());

  test('is merged when all of it is right, and says that all was checked', async () => {
    const before = machine.state();
    const { superblock } = placesIn(image);
    const { stderr } = succeeded(await machine.call('merge'));
    const bytes = superblock.dataBlocks * superblock.dataBlockSize;
    expect(Number(CHECKED.exec(stderr)?.[1])).toBe(bytes);
    expect(stderr).not.toContain('signature');
    expect(machine.read('opt/safe')).toBe('safe\n');
    expect(readFileSync(machine.at('usr/share/noise')).equals(NOISE)).toBe(true);
    // What was not checked, behind the data, is not to be read either.
    const loops = machine.state().loops;
    expect(loops).toHaveLength(1);
    expect(readFileSync(`/sys/block/${loops[0]}/loop/sizelimit`, 'utf8').trim()).toBe(String(bytes));
    expect(await imageStatus(machine, 'safe')).toMatchObject({
      format: 'gpt',
      protection: 'verity',
      rootHash,
      loopDevices: [`/dev/${loops[0]}`],
    });
    const { stdout } = succeeded(await machine.call('list --verbose --no-legend'));
    expect(stdout).toMatch(new RegExp(`^safe .* gpt +root +verity +${rootHash} +/dev/loop\\d+$`, 'm'));
    succeeded(await machine.call('unmerge'));
    await machine.expectState(before);
  });

  test('says nothing where only warnings are asked for', async () => {
    expect(succeeded(await machine.call('merge --log-level=warning')).stderr).toBe('');
  });

  test('is refused with a number of data blocks that was made smaller', async () => {
    const { inTree, superblock } = placesIn(image);
    const changed = Buffer.from(whole);
    // Documentation/admin-guide/device-mapper/verity.rst, "On-disk format": at 72, after the sizes of the blocks.
    expect(changed.readBigUInt64LE(inTree(0) + 72)).toBe(BigInt(superblock.dataBlocks));
    changed.writeBigUInt64LE(BigInt(superblock.dataBlocks - 1), inTree(0) + 72);
    writeFileSync(image, changed);
    const before = machine.state();
    expect(failedWith(await machine.call('merge --log-level=warning'))).toMatch(
      /of its hash tree \(level \d\) has more in it than the hashes of the data that it is for/,
    );
    await machine.expectState(before);
  });

  /** What is changed by one bit, and what must be said of it. */
  const changes: Readonly<Record<string, () => readonly [image: Buffer, says: RegExp]>> = {
    'the first block of the data': () => [
      flipped(whole, placesIn(image).data * 8 + 3),
      /Cannot use image|superblock|block 0 of its data is not what it was/,
    ],
    'the middle of the data': () => {
      const { data, superblock } = placesIn(image);
      const block = Math.floor(superblock.dataBlocks / 2);
      const bit = (data + block * superblock.dataBlockSize + 17) * 8 + 7;
      return [flipped(whole, bit), new RegExp(`block ${block} of its data is not what it was`)];
    },
    'the last block of the data': () => {
      const { data, superblock } = placesIn(image);
      const bit = (data + superblock.dataBlocks * superblock.dataBlockSize) * 8 - 1;
      return [
        flipped(whole, bit),
        new RegExp(`block ${superblock.dataBlocks - 1} of its data is not what it was`),
      ];
    },
    'the lowest level of the tree': () => {
      const { inTree, levels } = placesIn(image);
      expect(levels).toHaveLength(2);
      const { first, blocks } = levels[0]!;
      return [
        flipped(whole, inTree(first + blocks - 1) * 8),
        new RegExp(`block ${blocks - 1} of its hash tree \\(level 0\\) is not what it was`),
      ];
    },
    'the highest level of the tree': () => {
      const { inTree, levels } = placesIn(image);
      return [
        flipped(whole, (inTree(levels[1]!.first) + 40) * 8),
        /its content is not what its root hash is for/,
      ];
    },
    'the salt': () => {
      const { inTree } = placesIn(image);
      return [flipped(whole, (inTree(0) + 88) * 8), /its content is not what its root hash is for/];
    },
    'the UUID of the data': () => {
      const { entry, chosen } = placesIn(image);
      const changed = flipped(whole, (entry(chosen.data) + ENTRY.guid + 5) * 8 + 2);
      repairFirst(changed);
      return [changed, /its content is not what its root hash is for/];
    },
    'the UUID of the hash tree': () => {
      const { entry, chosen } = placesIn(image);
      const changed = flipped(whole, (entry(chosen.verity!) + ENTRY.guid + 15) * 8);
      repairFirst(changed);
      return [changed, /its content is not what its root hash is for/];
    },
  };

  test.each(Object.keys(changes))('is refused with one bit changed in %s', async (name) => {
    const [changed, says] = changes[name]!();
    expect(changed.equals(whole)).toBe(false);
    writeFileSync(image, changed);
    const before = machine.state();
    const line = failedWith(await machine.call('merge --force --log-level=warning'));
    expect(line).toContain(`Cannot use image 'safe' (${image}): `);
    expect(line).toMatch(says);
    expect(line).toMatch(/(copy the image again|make the hash tree anew).*Nothing was changed\.$/);
    await machine.expectState(before);
  });

  test('that was changed keeps what is merged from being refreshed', async () => {
    succeeded(await machine.call('merge'));
    const before = machine.state();
    writeFileSync(`${image}.new`, changes['the middle of the data']!()[0]);
    renameSync(`${image}.new`, image);
    const { tree: _, ...mounted } = machine.state();
    failedWith(await machine.call('refresh --log-level=warning'));
    await machine.expectState({ ...before, tree: machine.state().tree, loops: mounted.loops });
    expect(machine.read('opt/safe')).toBe('safe\n');
  });

  test('is not refreshed for a copy, since the root hash stands for the content, but when it gets another protection', async () => {
    succeeded(await machine.call('merge'));
    copyFileSync(image, `${image}.new`);
    renameSync(`${image}.new`, image);
    const before = machine.mounts().map(({ id }) => id);
    expect(succeeded(await machine.call('refresh')).stderr).toContain('no change was found');
    expect(machine.mounts().map(({ id }) => id)).toEqual(before);

    const policy = '--image-policy=root=unprotected';
    const { stderr } = succeeded(await machine.call(`refresh ${policy}`));
    expect(stderr).not.toContain('no change was found');
    expect(stderr).not.toMatch(CHECKED);
    expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'unprotected', rootHash: null });
    // Without protection it is the file that counts.
    copyFileSync(image, `${image}.new`);
    renameSync(`${image}.new`, image);
    expect(succeeded(await machine.call(`refresh ${policy}`)).stderr).not.toContain('no change was found');
    expect(succeeded(await machine.call('refresh')).stderr).toMatch(CHECKED);
    expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'verity', rootHash });
  });

  test('in a usr partition is merged, and is refused when it was changed', async () => {
    await onMachine({ tree: HOST }, async (other) => {
      const made = addDdi(other, IMAGE, withNoise('safe'), { verity: true, hierarchy: 'usr' });
      expect(succeeded(await other.call('merge')).stderr).toMatch(CHECKED);
      expect(await imageStatus(other, 'safe')).toMatchObject({
        partitions: ['usr'],
        protection: 'verity',
        rootHash: made.rootHash,
      });
      succeeded(await other.call('unmerge'));
      const path = join(other.root, IMAGE);
      const { bytes, chosen } = partsOf(path, 'usr');
      writeFileSync(path, flipped(bytes, (Number(chosen.data.offset) + 100_000) * 8));
      expect(failedWith(await other.call('merge --log-level=warning'))).toMatch(/block 24 of its data/);
    });
  });
});

describeWithDdis('a bare file system with a hash tree beside it', () => {
  let machine: Machine;
  let image: string;
  let tree: Buffer;
  let rootHash: Buffer;
  const beside = (suffix: string) => image.replace(/raw$/, suffix);
  const hex = () => rootHash.toString('hex');

  beforeAll(async () => {
    machine = await Machine.open({ tree: { ...HOST, [`${PLACE}/x`]: '' } });
    rmSync(join(machine.root, PLACE, 'x'));
    image = join(machine.root, IMAGE);
    withSource(machine, withNoise('safe'), (source) => makeImage('squashfs', source, image));
    ({ tree, rootHash } = makeTree(readFileSync(image)));
  });
  beforeEach(() => {
    writeFileSync(beside('verity'), tree);
    writeFileSync(beside('roothash'), `${hex()}\n`);
  });
  afterEach(async () => {
    succeeded(await machine.call('unmerge'));
    for (const suffix of ['verity', 'roothash']) rmSync(beside(suffix), { force: true });
  });
  afterAll(() => machine.close());

  const merge = () => machine.call('merge --log-level=warning');
  const refused = async (says: RegExp) => {
    const before = machine.state();
    const line = failedWith(await merge());
    expect(line).toMatch(says);
    expect(line).toContain("Cannot use image 'safe'");
    await machine.expectState(before);
  };

  test('is checked by NAME.verity and NAME.roothash', async () => {
    expect(succeeded(await machine.call('merge')).stderr).toMatch(CHECKED);
    expect(machine.read('opt/safe')).toBe('safe\n');
    expect(await imageStatus(machine, 'safe')).toMatchObject({
      format: 'squashfs',
      partitions: [],
      protection: 'verity',
      rootHash: hex(),
    });
  });

  test('is checked by the root hash in its extended attribute', async () => {
    rmSync(beside('roothash'));
    const set = ['setfattr', '--name', 'user.verity.roothash', '--value'];
    await machine.namespace.must([...set, hex(), image]);
    try {
      expect(succeeded(await machine.call('merge')).stderr).toMatch(CHECKED);
      expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'verity', rootHash: hex() });
      succeeded(await machine.call('unmerge'));
      // It counts before the file.
      writeFileSync(beside('roothash'), `${hex()}\n`);
      await machine.namespace.must([...set, '00'.repeat(32), image]);
      await refused(/its content is not what its root hash is for/);
      await machine.namespace.must([...set, 'what', image]);
      await refused(/the root hash in its extended attribute user\.verity\.roothash .*setfattr\(1\)/);
    } finally {
      await machine.namespace.must(['setfattr', '--remove', 'user.verity.roothash', image]);
    }
  });

  test('is refused with one bit changed in the root hash, the tree, or the data', async () => {
    const changed = flipped(rootHash, 0).toString('hex');
    writeFileSync(beside('roothash'), changed);
    await refused(/its content is not what its root hash is for/);
    writeFileSync(beside('roothash'), hex());
    writeFileSync(beside('verity'), flipped(tree, (tree.length - 4000) * 8));
    await refused(/of its hash tree \(level 0\) is not what it was/);
    writeFileSync(beside('verity'), tree);
    const data = readFileSync(image);
    writeFileSync(image, flipped(data, 300_000 * 8));
    await refused(/block 73 of its data is not what it was/);
    writeFileSync(image, data);
    succeeded(await merge());
  });

  test('is refused with a hash tree that is cut off, is none, or has a root hash that is none', async () => {
    writeFileSync(beside('verity'), tree.subarray(0, 8192));
    await refused(/its hash tree should have \d+ bytes, but has 8192/);
    writeFileSync(beside('verity'), 'nonsense');
    await refused(/superblock of its hash tree is damaged/);
    writeFileSync(beside('verity'), tree);
    writeFileSync(beside('roothash'), 'nonsense');
    await refused(/the root hash in '.*safe\.roothash' has other characters than hexadecimal digits/);
    writeFileSync(beside('roothash'), '');
    await refused(/safe\.roothash' is empty/);
    writeFileSync(beside('roothash'), 'ab'.repeat(20));
    await refused(/its root hash has 20 bytes, but sha256 hashes have 32/);
  });

  test('is merged unchecked without its root hash or its tree, but not where the policy wants them', async () => {
    rmSync(beside('roothash'));
    expect(succeeded(await machine.call('merge')).stderr).not.toMatch(CHECKED);
    expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'unprotected', rootHash: null });
    succeeded(await machine.call('unmerge'));
    const line = failedWith(await machine.call('merge --log-level=warning --image-policy=root=verity'));
    expect(line).toMatch(/the image policy 'root=verity' refuses it: root is unprotected/);
    writeFileSync(beside('roothash'), hex());
    rmSync(beside('verity'));
    succeeded(await merge());
    expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'unprotected' });
  });

  test('is not compared where a symlink leads to an image in another directory, whose tree counts', async () => {
    buildTree(machine.root, { 'srv/x': '' });
    const [from, to] = [image, join(machine.root, 'srv/real.raw')];
    renameSync(from, to);
    try {
      await machine.namespace.must(['ln', '-s', '/srv/real.raw', from]);
      succeeded(await merge());
      expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'unprotected' });
      succeeded(await machine.call('unmerge'));
      writeFileSync(join(machine.root, 'srv/real.verity'), tree);
      writeFileSync(join(machine.root, 'srv/real.roothash'), hex());
      succeeded(await merge());
      expect(await imageStatus(machine, 'safe')).toMatchObject({ protection: 'verity' });
    } finally {
      rmSync(from);
      renameSync(to, from);
      rmSync(join(machine.root, 'srv'), { recursive: true });
    }
  });
});

/** After a change of the first copy of the table; the second one is taken away, lest it counts. */
function repairFirst(disk: Buffer): void {
  disk.fill(0, disk.length - 512);
  repairChecksums(disk);
}
