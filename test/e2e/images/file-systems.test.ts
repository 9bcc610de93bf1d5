import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSystemType } from '../../../src/images/identify.js';
import { provide } from '../../support/debian.js';
import { HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree, device, symlink } from '../../support/tree.js';
import { until } from '../../support/until.js';

const missing = provide(IMAGE_TOOLS);
const isRoot = process.getuid?.() === 0;
const withImages = missing === null && isRoot ? describe : describe.skip;

const TYPES: readonly FileSystemType[] = ['squashfs', 'erofs', 'ext4', 'btrfs', 'xfs'];
/** Those that keep a journal, which a mount replays. */
const JOURNALING = ['ext4', 'btrfs', 'xfs'] as const;

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
const files = (name: string) =>
  sysextTree(name, { files: { [`usr/share/${name}`]: `${name}\n`, [`opt/${name}`]: `${name}\n` } });

withImages(`disk images${missing ?? ''}`, () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await Machine.open({ tree: HOST });
  });
  afterEach(() => machine.close());

  const raw = (name: string): string => join(machine.root, `var/lib/extensions/${name}.raw`);
  const loopsGone = () => until('loop devices to go', () => machine.state().loops.length === 0);

  test('of all types are merged together, unchanged, and let go of their loop devices', async () => {
    for (const type of TYPES) machine.addImage(type, `var/lib/extensions/${type}.raw`, files(type));
    const before = machine.state();
    const hashes = TYPES.map((type) => hashOf(raw(type)));

    expect(succeeded(await machine.call('merge --log-level=warning')).stderr).toBe('');
    for (const type of TYPES) {
      expect(machine.read(`usr/share/${type}`)).toBe(`${type}\n`);
      expect(machine.read(`opt/${type}`)).toBe(`${type}\n`);
    }
    expect(machine.state().run).toEqual([]);
    expect(machine.state().loops).toHaveLength(TYPES.length);
    succeeded(await machine.call('refresh --always-refresh=yes'));
    expect(machine.read('opt/xfs')).toBe('xfs\n');
    await until('the former loop devices to go', () => machine.state().loops.length === TYPES.length);

    succeeded(await machine.call('unmerge'));
    await machine.expectState(before);
    expect(TYPES.map((type) => hashOf(raw(type)))).toEqual(hashes);
  });

  test.each(JOURNALING)(
    'of type %s with a journal to be replayed is merged as it is, and stays so',
    async (type) => {
      machine.addImage(
        type,
        `var/lib/extensions/${type}.raw`,
        files(type),
        type === 'xfs' ? {} : { size: 128 * 1024 * 1024 },
      );
      await makeDirty(machine, raw(type));
      const hash = hashOf(raw(type));
      succeeded(await machine.call('merge'));
      expect(machine.read(`opt/${type}`)).toBe(`${type}\n`);
      succeeded(await machine.call('unmerge'));
      await loopsGone();
      expect(hashOf(raw(type))).toBe(hash);
    },
  );

  test.each(JOURNALING)('of type %s in two copies with one UUID are both merged', async (type) => {
    machine.addImage(type, 'var/lib/extensions/one.raw', { ...files('one'), ...files('two') });
    copyFileSync(raw('one'), raw('two'));
    succeeded(await machine.call('merge --force'));
    expect(machine.state().loops).toHaveLength(2);
    expect(JSON.parse(succeeded(await machine.call('status --json=short')).stdout)).toMatchObject([
      { extensions: ['one', 'two'] },
      { extensions: ['one', 'two'] },
    ]);
  });

  test.each(['a device node', 'a symlink to a device node'])(
    'on a block device are merged from %s',
    async (entry) => {
      const image = join(machine.directory, 'disk');
      machine.addImage('erofs', '../disk', files('disk'));
      const loop = (
        await machine.namespace.must(['losetup', '--find', '--show', '--read-only', image])
      ).trim();
      try {
        const node = device('b', 7, Number(loop.slice('/dev/loop'.length)));
        buildTree(
          machine.root,
          entry === 'a device node'
            ? { 'var/lib/extensions/disk': node }
            : { 'dev/node': node, 'var/lib/extensions/disk': symlink('/dev/node') },
        );
        expect(succeeded(await machine.call('list --no-legend')).stdout).toMatch(/^disk +block /);
        succeeded(await machine.call('merge'));
        expect(machine.read('opt/disk')).toBe('disk\n');
        succeeded(await machine.call('unmerge'));
        // The device is not ours to take away.
        expect(machine.state().loops).toEqual([loop.slice('/dev/'.length)]);
      } finally {
        await machine.namespace.must(['losetup', '--detach', loop]);
      }
      await loopsGone();
    },
  );

  test('in a directory of versions, and masked ones, are found', async () => {
    mkdirSync(join(machine.root, 'var/lib/extensions/app.raw.v'), { recursive: true });
    machine.addImage(
      'squashfs',
      'var/lib/extensions/app.raw.v/app_1.9.raw',
      sysextTree('app', { files: { 'opt/version': '1.9\n' } }),
    );
    machine.addImage(
      'squashfs',
      'var/lib/extensions/app.raw.v/app_1.10.raw',
      sysextTree('app', { files: { 'opt/version': '1.10\n' } }),
    );
    machine.addImage('squashfs', 'var/lib/extensions/masked.raw', files('masked'));
    buildTree(machine.root, { 'etc/extensions/masked.raw': symlink('/dev/null') });
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/version')).toBe('1.10\n');
    expect(machine.read('opt/masked')).toBeNull();
    expect(machine.state().loops).toHaveLength(1);
  });
});

/** Puts in the place of an image a copy that was made while it was mounted and written to. */
async function makeDirty(machine: Machine, file: string): Promise<void> {
  const at = join(machine.directory, 'writable');
  mkdirSync(at);
  const { namespace } = machine;
  await namespace.must(['mount', '-o', 'loop', file, at]);
  await namespace.must([
    'sh',
    '-c',
    `echo more >${at}/usr/more && sync -f ${at} && echo later >>${at}/usr/more && sync ${at}/usr/more`,
  ]);
  copyFileSync(file, `${file}.dirty`);
  await namespace.must(['umount', at]);
  copyFileSync(`${file}.dirty`, file);
}
