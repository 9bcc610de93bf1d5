import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { quote } from '../../support/fault.js';
import { sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { below, buildTree, file } from '../../support/tree.js';

const missing = provide({ ...IMAGE_TOOLS, squashfuse: 'squashfuse' });
const asRoot = process.getuid?.() === 0 && missing === null ? describe : describe.skip;

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

const treeOf = (name: string) =>
  sysextTree(name, { files: { 'usr/bin/ext': file('#!/bin/sh\necho ran\n', { mode: 0o755 }) } });

asRoot(missing ?? 'run as an ordinary user', () => {
  let machine: Machine;
  let temporary: string;
  beforeAll(async () => {
    machine = await Machine.open();
    temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    buildTree(machine.directory, below('tool', treeOf('tool')));
    for (const type of ['squashfs', 'erofs', 'ext4', 'btrfs'] as const)
      machine.addImage(type, `../${type}.raw`, treeOf(type));
    await machine.namespace.must(['chown', '--recursive', '65534:65534', machine.directory]);
    chmodSync(machine.directory, 0o755);
  });
  afterAll(() => machine.close());

  const run = (...words: string[]): Promise<Finished> =>
    machine.namespace.run([...NOBODY, ...programCommand(), 'run', ...words], {
      env: { ...ENVIRONMENT, TMPDIR: temporary },
    });
  const withImage = (name: string) => `--with=${join(machine.directory, name)}`;

  test('the command has the same user, no privileges, and an environment without traces', async () => {
    const code = `ext; id -u; grep CapEff /proc/self/status; env | grep SYSEXT_`;
    expect(await run(withImage('tool'), '--', 'sh', '-c', code)).toEqual({
      status: 1,
      stdout: 'ran\n65534\nCapEff:\t0000000000000000\n',
      stderr: '',
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test.each(['squashfs', 'erofs', 'ext4'])('%s is unpacked where there is no FUSE', async (type) => {
    const finished = await run(
      withImage(`${type}.raw`),
      '--',
      'sh',
      '-c',
      'ext; grep -c fuse /proc/self/mountinfo',
    );
    expect(finished).toEqual({ status: 1, stdout: 'ran\n0\n', stderr: '' });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('what only the kernel reads is refused', async () => {
    expect(await run(withImage('btrfs.raw'), '--', 'ext')).toMatchObject({
      status: 125,
      stderr: expect.stringMatching(
        /^Cannot read image 'btrfs' .*where it cannot be mounted: .* run it as root with loop devices, or use a directory\.\n$/,
      ),
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test('with FUSE an image is mounted, and its program ends with the command', async () => {
    const call = [...NOBODY, ...programCommand(), 'run', withImage('squashfs.raw'), '--', 'sh', '-c'];
    const count = `pgrep -fc 'squash[f]use.*${machine.directory}' || true`;
    const device =
      'mount -t tmpfs tmpfs /mnt; mknod -m 666 /mnt/fuse c 10 229; mount --bind /mnt/fuse /dev/fuse';
    const script = `set -e; ${device}; ${[...call, `ext; ${count}`].map(quote).join(' ')}; ${count}`;
    const finished = await machine.namespace.run(['unshare', '--mount', 'sh', '-c', script], {
      env: { ...ENVIRONMENT, TMPDIR: temporary },
    });
    expect(finished).toEqual({ status: 0, stdout: 'ran\n1\n0\n', stderr: '' });
  });

  test('what is written is saved, into the midst of directories of others', async () => {
    const kept = join(temporary, 'kept');
    const code = 'echo new >/usr/bin/ext-new; rm /usr/bin/ext';
    const finished = await run(withImage('tool'), '--writable', `--keep=${kept}`, '--', 'sh', '-c', code);
    expect(finished).toMatchObject({ status: 0, stderr: expect.stringContaining(kept) });
    expect(readdirSync(join(kept, 'usr')).sort()).toEqual(['bin', 'lib']);
    expect(readdirSync(join(kept, 'usr/bin')).sort()).toEqual(['ext', 'ext-new']);
    expect(existsSync(join(kept, 'usr/lib/extension-release.d/extension-release.kept'))).toBe(true);
  });
});
