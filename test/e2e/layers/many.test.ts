import { join } from 'node:path';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree, type Tree } from '../../support/tree.js';
import { findUtilLinux } from '../../support/util-linux.js';

/** The kernel takes 500 layers; one is the metadata, one the host's own directory. */
const MOST = 498;

/** Extensions with a name of 100 characters, so that the paths of all do not fit into one page. */
const nameOf = (number: number): string => `extension-${'x'.repeat(86)}-${String(number).padStart(3, '0')}`;
const many = (count: number): Tree =>
  Object.assign(
    {},
    HOST,
    ...Array.from({ length: count }, (_, number) =>
      extension(nameOf(number), {
        files: { [`usr/share/many/${number}`]: `${number}\n`, 'usr/share/top': `${number}\n` },
      }),
    ),
  );

let machine: Machine;
afterEach(() => machine.close());

describe.each(findUtilLinux())('with $version', ({ install }) => {
  test.each([3, 100, MOST])('%d extensions are merged in order', async (count) => {
    machine = await Machine.open({ tree: many(count) });
    const env = { PATH: install(join(machine.directory, 'bin')) };
    const before = machine.state();
    succeeded(await machine.call('merge', { env }));
    for (const number of [0, 1, count - 1])
      expect(machine.read(`usr/share/many/${number}`)).toBe(`${number}\n`);
    expect(machine.read('usr/share/top')).toBe(`${count - 1}\n`);
    expect(machine.read('usr/bin/host')).toBe('from the host\n');
    expect(succeeded(await machine.call('status --no-legend')).stdout.split('\n')).toHaveLength(count + 2);
    // Whoever looks at the mount table reads paths where they fit, else the names of symlinks.
    const { superOptions } = machine.mounts().find(({ mountPoint }) => mountPoint === `${machine.root}/usr`)!;
    const lower = superOptions
      .find((option) => option.startsWith('lowerdir='))!
      .split(/[=:]/)
      .slice(1);
    expect(lower).toHaveLength(count + 2);
    const isReadable = count < 100;
    expect(lower.slice(1, -1).every((path) => path.startsWith(machine.root) === isReadable)).toBe(true);
    // The host's own directory is reached another way then, and is a layer all the same.
    succeeded(await machine.call('refresh --always-refresh=yes', { env }));
    expect(machine.read('usr/share/top')).toBe(`${count - 1}\n`);
    expect(machine.read('usr/bin/host')).toBe('from the host\n');
    expect(machine.mounts()).toHaveLength(1);
    succeeded(await machine.call('unmerge', { env }));
    await machine.expectState(before);
  });

  test('images and directories are merged together', async () => {
    machine = await Machine.open({ tree: many(3) });
    const env = { PATH: install(join(machine.directory, 'bin')) };
    for (const type of ['squashfs', 'erofs', 'ext4'] as const) {
      machine.addImage(
        type,
        `var/lib/extensions/${type}.raw`,
        sysextTree(type, { files: { [`opt/${type}`]: `${type}\n` } }),
      );
    }
    const before = machine.state();
    succeeded(await machine.call('merge', { env }));
    for (const type of ['squashfs', 'erofs', 'ext4']) expect(machine.read(`opt/${type}`)).toBe(`${type}\n`);
    succeeded(await machine.call('refresh --always-refresh=yes', { env }));
    succeeded(await machine.call('unmerge', { env }));
    await machine.expectState(before);
  });
});

test(`one more than ${MOST} are refused before anything is mounted`, async () => {
  machine = await Machine.open({ tree: many(MOST + 1) });
  const faults = machine.faults();
  const before = machine.state();
  expect(failedWith(await machine.call('merge --log-level=warning', { faults }))).toMatch(
    /^501 layers would be needed for '\/usr', but overlayfs takes at most 500; /,
  );
  expect(faults.calls().filter((call) => call.includes('overlay'))).toEqual([]);
  await machine.expectState(before);
});

test(`one more than ${MOST} are refused by a refresh, and what was merged stays`, async () => {
  machine = await Machine.open({ tree: many(MOST) });
  succeeded(await machine.call('merge'));
  const before = machine.mounts();
  buildTree(machine.root, extension('more', { files: { 'usr/share/top': 'more\n' } }));
  expect(failedWith(await machine.call('refresh --log-level=warning'))).toMatch(
    /^501 layers would be needed for '\/usr', but overlayfs takes at most 500; /,
  );
  expect(machine.mounts()).toEqual(before);
  expect(machine.read('usr/share/top')).toBe(`${MOST - 1}\n`);
});

test(`${MOST + 1} are merged where the host has nothing of its own`, async () => {
  const { 'usr/bin/host': _, 'usr/lib/os-release': release, ...others } = many(MOST + 1);
  machine = await Machine.open({ tree: { ...others, 'etc/os-release': release! } });
  succeeded(await machine.call('merge'));
  expect(machine.read('usr/share/top')).toBe(`${MOST}\n`);
});
