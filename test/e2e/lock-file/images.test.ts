import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flipped } from '../../images/verity/make-tree.js';
import { quote } from '../../support/fault.js';
import { HOST, sysextTree } from '../../support/fixtures.js';
import { checkLock } from '../../support/lock-schemas.js';
import { Machine } from '../../support/machine.js';
import { failed, failedWith, succeeded } from '../../support/outcome.js';
import { addDdi, describeWithDdis, filesOf, PLACE } from '../images/ddi.js';

describeWithDdis('a lock file of images', () => {
  let machine: Machine;
  let rootHash: string | null;
  let file: string;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    ({ rootHash } = addDdi(machine, `${PLACE}/safe.raw`, filesOf('safe'), { verity: true }));
    machine.addImage(
      'squashfs',
      `${PLACE}/bare.raw`,
      sysextTree('bare', { files: { 'usr/share/bare': 'x' } }),
    );
    file = join(machine.directory, 'sysext.lock');
    succeeded(await machine.call('merge'));
    succeeded(await machine.call(['lock', `--output=${file}`]));
    succeeded(await machine.call('unmerge'));
  });
  afterAll(() => machine.close());

  test('has the root hash of one with a hash tree, and the SHA-256 of another one', () => {
    const content = readFileSync(file, 'utf8');
    checkLock(content);
    const { extensions } = JSON.parse(content) as { extensions: { name: string; digest: string }[] };
    expect(extensions.map(({ name, digest }) => `${name} ${digest}`)).toEqual([
      expect.stringMatching(/^bare sha256:\w{64}$/),
      `safe verity:${rootHash}`,
    ]);
  });

  test('an image that is written to, or replaced, while it is mounted is refused', async () => {
    const image = join(machine.root, PLACE, 'bare.raw');
    const whole = readFileSync(image);
    const before = machine.state();
    const spy = machine.faults();
    succeeded(await machine.call(`merge --locked=${file}`, { faults: spy }));
    succeeded(await machine.call('unmerge'));
    const mounting = spy.calls().findIndex((call) => / -a -T /.test(call)) + 1;
    expect(mounting).toBeGreaterThan(0);
    const changes = [
      `cp --archive ${quote(image)} ${quote(`${image}.new`)}; mv ${quote(`${image}.new`)} ${quote(image)}`,
      `touch ${quote(image)}`,
    ];
    for (const change of changes) {
      const faults = machine.faults();
      faults.plan({ [mounting]: change });
      const lines = failed(await machine.call(`merge --locked=${file} --log-level=warning`, { faults }));
      expect(lines.at(-1)).toMatch(
        /^Cannot use image 'bare' .* it was changed or replaced while it was checked/,
      );
      await machine.expectState({ ...machine.state(), mounts: before.mounts, loops: [], run: before.run });
    }
    // One bit of what fills the image up, which changes nothing that anybody sees.
    writeFileSync(image, flipped(whole, 8 * whole.length - 8));
    expect(failed(await machine.call(`merge --locked=${file}`)).at(-2)).toMatch(
      /'bare' .* has other content/,
    );
    writeFileSync(image, whole);
    succeeded(await machine.call(`merge --locked=${file}`));
    succeeded(await machine.call('unmerge'));
  });

  test('less protection than there was is a difference', async () => {
    const policy = '--image-policy=root=verity+unprotected+absent:usr=verity+unprotected+absent';
    const open = '--image-policy=root=unprotected:usr=absent';
    succeeded(await machine.call(`merge --locked=${file} ${policy}`));
    succeeded(await machine.call('unmerge'));
    const lines = failed(await machine.call(`merge --locked=${file} ${open}`));
    expect(lines.filter((line) => line.includes("'safe'"))).toEqual([
      expect.stringMatching(/'safe' .* has other content: sha256:\w{64}, and not verity:\w{64}\.$/),
      expect.stringMatching(/'safe' is protected in another way: unprotected, and not verity\.$/),
    ]);
    expect(
      failedWith(
        await machine.call('verify --lock=/nowhere').then((finished) => ({ ...finished, status: 1 })),
      ),
    ).toContain('Failed to read the lock file');
  });
});
