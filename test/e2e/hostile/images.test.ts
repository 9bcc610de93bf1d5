import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine, onMachine } from '../../support/machine.js';
import { failed, succeeded } from '../../support/outcome.js';
import { fifo, file, symlink, type Tree } from '../../support/tree.js';
import { addDisk } from '../images/ddi.js';
import { callAllVerbs, expectHarmless } from './all-verbs.js';
import { CRAFTED, craft } from './crafted.js';

const EXTENSIONS = 'var/lib/extensions';
const OUT = '../../../../../../../../../..';

const isRoot = process.getuid?.() === 0;

/** Loop devices and mounting file systems are for root. */
(isRoot ? describe : describe.skip)('images', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.open({ tree: { ...HOST, 'etc/secret': 'secret\n', ...extension('good') } });
  });
  afterAll(() => machine.close());
  /** All but the good one. */
  const clear = (): void => {
    rmSync(join(machine.root, EXTENSIONS), { recursive: true });
    mkdirSync(join(machine.root, EXTENSIONS, 'good/opt'), { recursive: true });
  };

  test.each(['squashfs', 'ext4', 'erofs'] as const)(
    'symlinks, forged metadata and special files of %s lead out of it nowhere',
    async (type) => {
      const forged: Tree = {
        'usr/.systemd-sysext/work_dir': 'home/.systemd-usr-workdir\n',
        'usr/share/out': symlink(`${OUT}/etc`),
        opt: symlink('/proc/1/root/etc'),
        'usr/lib/pipe': fifo(),
        'usr/bin/su': file('x', { mode: 0o4755 }),
      };
      machine.addImage(type, `${EXTENSIONS}/fits.raw`, sysextTree('fits', { files: forged }));
      machine.addImage(type, `${EXTENSIONS}/usr.raw`, { usr: symlink(`${OUT}/etc`) });
      machine.addImage(type, `${EXTENSIONS}/release.raw`, {
        'usr/lib/extension-release.d': symlink('/proc/1/root/usr/lib/extension-release.d'),
      });
      machine.addImage(
        type,
        `${EXTENSIONS}/os.raw`,
        sysextTree('os', { files: { 'usr/lib/os-release': symlink('/gone') } }),
      );
      try {
        const before = machine.state();
        await callAllVerbs(machine, ['fits', 'release']);
        const { stderr } = succeeded(await machine.call('merge --log-level=warning'));
        for (const name of ['usr', 'release', 'os'])
          expect(stderr).toMatch(new RegExp(`^Ignoring extension '${name}' `, 'm'));
        expect(machine.read('opt/secret')).toBeNull();
        expect(machine.read('usr/.systemd-sysext/work_dir')).toBeNull();
        succeeded(await machine.call('unmerge'));
        await machine.expectState(before);
      } finally {
        clear();
      }
    },
    120_000,
  );

  test('crafted superblocks and partition tables are refused in a line, and change nothing', async () => {
    const directory = join(machine.root, EXTENSIONS);
    const files = sysextTree('x', { files: { 'usr/share/x': 'x'.repeat(5000) } });
    const honest = { disk: 'disk', squashfs: 'squashfs', ext4: 'ext4', erofs: 'erofs' } as const;
    for (const type of ['squashfs', 'ext4', 'erofs'] as const)
      machine.addImage(type, `${EXTENSIONS}/${type}`, files, type === 'ext4' ? { size: 1024 * 1024 } : {});
    addDisk(machine, `${EXTENSIONS}/disk`, [{ files }, {}]);
    const places = Object.fromEntries(
      Object.values(honest).map((kind) => {
        renameSync(join(directory, kind), join(machine.directory, kind));
        return [kind, join(machine.directory, kind)];
      }),
    ) as Record<keyof typeof honest, string>;
    for (const one of CRAFTED) writeFileSync(join(directory, `${one.name}.raw`), craft(one, places));
    const before = machine.state();
    const lines = failed(await machine.call('merge --log-level=warning'));
    for (const line of lines) expect(line).toMatch(/^(Cannot use|Failed to mount) image '/);
    const isRefused = (name: string) => lines.some((line) => line.includes(`'${name}'`));
    await machine.expectState(before);
    for (const { name } of CRAFTED)
      for (const words of [
        ['inspect', '--', name],
        ['inspect', '--json=short', '--', name],
        ['check', '--', name],
        ['explain', '--', name],
      ])
        expectHarmless(words, await machine.call(words));
    // What a superblock does not show is for the kernel to find, which is asked if all others can be used.
    const others = CRAFTED.filter(({ name }) => !isRefused(name));
    expect(others.map(({ name }) => name)).toEqual(['squashfs-4-billion-inodes']);
    for (const { name } of CRAFTED) if (isRefused(name)) rmSync(join(directory, `${name}.raw`));
    const finished = await machine.call('merge');
    expectHarmless(['merge'], finished);
    if (finished.status === 0) succeeded(await machine.call('unmerge'));
    await machine.expectState({
      ...machine.state(),
      mounts: before.mounts,
      loops: before.loops,
      run: before.run,
    });
    clear();
  }, 120_000);

  test('what is called an image and never ends, or is larger than all disks, is read at a few places only', async () => {
    await onMachine({ tree: { ...HOST, ...extension('good') } }, async (other) => {
      const place = join(other.root, EXTENSIONS);
      // On a file system that knows such sizes, which goes with the namespace.
      await other.namespace.must([
        'sh',
        '-ec',
        'mount -t tmpfs huge "$1"; cd "$1"; truncate -s 9223372036854771712 most.raw; truncate -s 10T text.raw; echo text >text.raw; truncate -s 4T text.raw; printf hsqs | dd of=squash.raw conv=notrunc status=none; truncate -s 1T squash.raw; ln -s most.raw link.raw; ln -s /dev/zero zero.raw; mkfifo pipe.raw; mkfifo squash.roothash squash.verity; ln -s /dev/zero most.roothash',
        'sh',
        place,
      ]);
      for (const words of [
        'list --verbose',
        'explain',
        'plan merge',
        'merge',
        'status',
        'doctor',
        'check most',
        'inspect most',
        'inspect text',
        'inspect squash',
        'inspect pipe',
        'inspect zero',
      ])
        expectHarmless([words], await other.call(words));
      const lines = failed(await other.call('merge --log-level=warning'));
      expect(lines.map((line) => /'(\w+)'/.exec(line)?.[1]).sort()).toEqual([
        'link',
        'most',
        'squash',
        'text',
      ]);
    });
  });

  test('a sparse file of 10 GB with a file system in its first bytes is mounted, and not read', async () => {
    machine.addImage(
      'squashfs',
      `${EXTENSIONS}/sparse.raw`,
      sysextTree('sparse', { files: { 'opt/sparse': 'x' } }),
    );
    truncateSync(join(machine.root, EXTENSIONS, 'sparse.raw'), 10 * 1024 ** 3);
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/sparse')).toBe('x');
    succeeded(await machine.call('unmerge'));
    clear();
  });
});
