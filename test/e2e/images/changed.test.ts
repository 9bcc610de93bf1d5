import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flipped, noise } from '../../images/verity/make-tree.js';
import { quote } from '../../support/fault.js';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { file } from '../../support/tree.js';
import { addDdi, describeWithDdis, filesOf, PLACE, partsOf } from './ddi.js';

describeWithDdis('an image that is changed between the check and the mount', () => {
  let machine: Machine;
  let image: string;
  let whole: Buffer;
  /** The number of the command that mounts images. */
  let mounting: number;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    addDdi(
      machine,
      `${PLACE}/safe.raw`,
      { ...filesOf('safe'), 'usr/share/noise': file(noise(50_000)) },
      { verity: true },
    );
    image = join(machine.root, PLACE, 'safe.raw');
    whole = readFileSync(image);
    const { chosen } = partsOf(image);
    writeFileSync(join(machine.directory, 'evil'), flipped(whole, (Number(chosen.data.offset) + 20_000) * 8));
    const faults = machine.faults();
    succeeded(await machine.call('merge', { faults }));
    mounting = faults.calls().findIndex((call) => / -a -T /.test(call)) + 1;
    succeeded(await machine.call('unmerge'));
    expect(mounting).toBeGreaterThan(0);
  });
  afterAll(() => machine.close());

  const change: Readonly<Record<string, () => string>> = {
    'by writing to it': () =>
      `dd if=/dev/zero of=${quote(image)} bs=1 seek=30000 count=1 conv=notrunc status=none`,
    'by making it longer': () => `echo >>${quote(image)}`,
    'by another file that takes its place': () =>
      `cp ${quote(join(machine.directory, 'evil'))} ${quote(`${image}.new`)}; mv ${quote(`${image}.new`)} ${quote(image)}`,
    'by a copy that takes its place': () =>
      `cp --archive ${quote(image)} ${quote(`${image}.new`)}; mv ${quote(`${image}.new`)} ${quote(image)}`,
    'and changed back, with its old time': () =>
      `cp --archive ${quote(image)} ${quote(`${image}.old`)}; echo >>${quote(image)}; truncate --size=-1 ${quote(image)}; touch --reference=${quote(`${image}.old`)} ${quote(image)}; rm ${quote(`${image}.old`)}`,
  };

  test.each(Object.keys(change))('%s is refused, and nothing is merged', async (name) => {
    const faults = machine.faults();
    writeFileSync(image, whole);
    const { mounts, run } = machine.state();
    faults.plan({ [mounting]: change[name]!() });
    const line = failedWith(await machine.call('merge --log-level=warning', { faults }));
    expect(line).toBe(
      `Cannot use image 'safe' (${image}): it was changed or replaced while it was checked; try again when it is written, and put images in place with rename(2). Nothing was changed.`,
    );
    await machine.expectState({ mounts, run, loops: [], tree: machine.state().tree });
    writeFileSync(image, whole);
    succeeded(await machine.call('merge'));
    succeeded(await machine.call('unmerge'));
  });

  test('is the only one that is: another one may be written beside it', async () => {
    const faults = machine.faults();
    copyFileSync(image, join(machine.directory, 'copy'));
    faults.plan({ [mounting]: `cp ${quote(join(machine.directory, 'copy'))} ${quote(`${image}.part`)}` });
    succeeded(await machine.call('merge', { faults }));
    succeeded(await machine.call('unmerge'));
  });
});
