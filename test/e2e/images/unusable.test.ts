import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine, onMachine } from '../../support/machine.js';
import { failed, failedWith } from '../../support/outcome.js';
import { buildTree } from '../../support/tree.js';
import { makeUnusable, UNUSABLE } from './unusable.js';

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('good', { files: { 'opt/good': '' } }) } });
  machine.addImage('squashfs', 'var/lib/extensions/good-image.raw', sysextTree('good-image'));
  const source = join(machine.directory, 'source');
  mkdirSync(source);
  buildTree(
    source,
    sysextTree('any', { files: { 'usr/share/file': randomBytes(10_000).toString('base64') } }),
  );
  makeUnusable(join(machine.root, 'var/lib/extensions'), source);
});
afterAll(() => machine.close());

describe.each([[['merge']], [['merge', '--force']], [['refresh']]])(
  '%j with unusable image files beside good ones',
  (words) => {
    let lines: string[];
    test('fails and changes nothing', async () => {
      const before = machine.state();
      lines = failed(await machine.call(words));
      expect(lines).toHaveLength(UNUSABLE.length);
      await machine.expectState(before);
    });

    test.each(UNUSABLE)('says what $name is', ({ name, says }) => {
      const path = `${machine.root}/var/lib/extensions/${name}.raw`;
      const said = lines.filter((line) => line.includes(path));
      expect(said).toEqual([expect.stringContaining(`'${name}'`)]);
      expect(said).toEqual([expect.stringMatching(says)]);
    });
  },
);

test('one unusable image gives one line', async () => {
  await onMachine({ tree: HOST }, async (other) => {
    mkdirSync(join(other.root, 'var/lib/extensions'), { recursive: true });
    writeFileSync(join(other.root, 'var/lib/extensions/broken.raw'), 'x');
    const before = other.state();
    expect(failedWith(await other.call('merge'))).toMatch(
      /^Cannot use image 'broken' \(.*\/broken\.raw\): it is a text file; /,
    );
    await other.expectState(before);
  });
});
