import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCommand, provide } from '../../support/debian.js';
import { debianTrees, treeCommand } from '../../support/debian-tree.js';
import { quote } from '../../support/fault.js';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { makeImage } from '../../support/make-images.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { addDdi, addDisk, describeWithDdis, filesOf, PLACE, withSource } from './ddi.js';

const noLuks = provide({ cryptsetup: 'cryptsetup-bin' });

/** A LUKS volume with nothing in it. */
function makeLuks(file: string): string {
  writeFileSync(file, '');
  truncateSync(file, 20 * 1024 * 1024);
  const fast = ['--type=luks2', '--pbkdf=pbkdf2', '--pbkdf-force-iterations=1000', '--key-file=-'];
  const words = ['luksFormat', '--batch-mode', ...fast, file];
  execFileSync(findCommand('cryptsetup')!, words, { input: 'secret', stdio: ['pipe', 'pipe', 'pipe'] });
  return file;
}

describeWithDdis('an image that cannot be used', () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await Machine.open({ tree: HOST });
    mkdirSync(join(machine.root, PLACE), { recursive: true });
  });
  afterEach(() => machine.close());

  const image = () => join(machine.root, PLACE, 'it.raw');
  const refused = async (words = 'merge --log-level=warning') => {
    const before = machine.state();
    const line = failedWith(await machine.call(words));
    await machine.expectState(before);
    expect(line).toContain(`Cannot use image 'it' (${image()}): `);
    return line;
  };

  (noLuks === null ? describe : describe.skip)(`is encrypted${noLuks === null ? '' : `: ${noLuks}`}`, () => {
    test('as a whole, and there is no key', async () => {
      makeLuks(image());
      expect(await refused()).toContain(
        `it is encrypted (LUKS), and there is no key for it; put the key into '${machine.root}/etc/sysext/keys.d/it.key'.`,
      );
    });

    test('in a partition, which is named', async () => {
      const content = makeLuks(join(machine.directory, 'luks'));
      addDisk(machine, `${PLACE}/it.raw`, [
        { type: '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f' },
        { size: 20 * 1024 * 1024, content },
      ]);
      expect(await refused()).toContain('its partition 2 is encrypted (LUKS), and there is no key for it');
      const policy = 'merge --log-level=warning --image-policy=root=unprotected';
      expect(await refused(policy)).toMatch(
        /refuses it: root is encrypted with LUKS, and must be unprotected/,
      );
    });

    test('and there is a key, but no device mapper', async () => {
      if (/device-mapper$/m.test(readFileSync('/proc/misc', 'utf8'))) return;
      makeLuks(image());
      mkdirSync(join(machine.root, 'etc/sysext/keys.d'), { recursive: true });
      writeFileSync(join(machine.root, 'etc/sysext/keys.d/it.key'), 'secret');
      expect(await refused()).toMatch(
        /it is encrypted \(LUKS\), and this kernel has no device mapper, .*; load its module/,
      );
    });
  });

  test('ends within a block', async () => {
    const files = { ...filesOf('it'), 'usr/share/more': 'x'.repeat(300) };
    withSource(machine, files, (source) => makeImage('squashfs', source, image(), { args: ['-nopad'] }));
    // Of two blocks, the second less than a sector; then a whole sector, which is half a block.
    const cut = async (length: number) => {
      truncateSync(image(), length);
      const line = await refused();
      expect(line).toContain(`with ${length} bytes its last ${length % 1024} are no whole block of 1024`);
      expect(line).toContain('fill it up with truncate --size=%1024');
    };
    const { length } = readFileSync(image());
    expect([length % 1024 > 0, length % 1024 <= 512]).toEqual([true, true]);
    await cut(length);
    await cut(Math.ceil(length / 512) * 512);
    // The remedy is one.
    execFileSync('truncate', ['--size=%1024', image()]);
    succeeded(await machine.call('merge'));
    expect(machine.read('opt/it')).toBe('it\n');
  });

  describe('where there are no loop devices', () => {
    /** As in a container that was given none. */
    beforeEach(async () => {
      const { namespace } = machine;
      await namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', '/dev']);
      await namespace.must(['mknod', '-m', '666', '/dev/null', 'c', '1', '3']);
    });

    /** `PATH` with the mount(8) of a Debian tree in front, which is new enough to mount files. */
    function newMount(): string | null {
      const command = debianTrees()
        .map((tree) => treeCommand(tree, 'mount'))
        .find((words) => words !== null);
      if (command === undefined) return null;
      const bin = join(machine.directory, 'bin');
      mkdirSync(bin);
      writeFileSync(join(bin, 'mount'), `#!/bin/sh\nexec ${command!.map(quote).join(' ')} "$@"\n`, {
        mode: 0o755,
      });
      return `${bin}:${process.env['PATH']}:/usr/sbin:/sbin`;
    }

    test('says so of a squashfs image in one sentence', async () => {
      addDdi(machine, `${PLACE}/it.raw`, filesOf('it'), { format: 'squashfs' });
      const before = machine.state();
      const line = failedWith(await machine.call('merge --log-level=warning'));
      expect(line).toMatch(
        /^Failed to mount image 'it' \(.*it\.raw, squashfs\): there are no loop devices here \(.+\); give this container some, or unpack the image to a directory\. Nothing was changed\.$/,
      );
      await machine.expectState(before);
    });

    test.each([
      ['bare', false],
      ['in a partition', true],
    ])('an erofs file system %s is merged by a mount(8) that mounts files', async (_, isDisk) => {
      const path = newMount();
      if (path === null) return;
      if (isDisk) addDdi(machine, `${PLACE}/it.raw`, filesOf('it'));
      else withSource(machine, filesOf('it'), (source) => makeImage('erofs', source, image()));
      const before = machine.state();
      succeeded(await machine.call('merge --log-level=warning', { env: { PATH: path } }));
      expect(machine.read('opt/it')).toBe('it\n');
      expect(machine.state().loops).toEqual([]);
      const { stdout } = succeeded(await machine.call('status --json=short'));
      expect(JSON.parse(stdout)[0].images).toMatchObject([{ name: 'it', loopDevices: [] }]);
      succeeded(await machine.call('unmerge', { env: { PATH: path } }));
      await machine.expectState(before);
    });

    test('what only a part of was checked is refused, since without one the rest could be read as well', async () => {
      addDdi(machine, `${PLACE}/it.raw`, filesOf('it'), { verity: true });
      const before = machine.state();
      const path = newMount();
      const line = failedWith(
        await machine.call('merge --log-level=warning', path === null ? {} : { env: { PATH: path } }),
      );
      expect(line).toMatch(
        /^Failed to mount image 'it'.*there are no loop devices here .*Nothing was changed\.$/,
      );
      await machine.expectState(before);
    });
  });
});
