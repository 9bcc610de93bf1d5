import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith } from '../../support/outcome.js';
import { programCommand } from '../../support/program.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST } });
});
afterEach(() => machine.close());

test('without /proc inspect fails in one line, and does not look for a namespace of its own for ever', async () => {
  const image = join(machine.directory, 'x.raw');
  writeFileSync(image, 'x');
  const script = 'umount --lazy /proc && exec "$@"';
  const command = ['unshare', '--mount', 'sh', '-c', script, 'sh', ...programCommand(), 'inspect', image];
  expect(failedWith(await machine.namespace.run(command))).toMatch(/^There is no mount table in \/proc; /);
});
