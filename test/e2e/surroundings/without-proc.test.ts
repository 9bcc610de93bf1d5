import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith } from '../../support/outcome.js';
import { isStandalone, programCommand } from '../../support/program.js';

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
  const finished = await machine.namespace.run(command);
  // What the runtime of the executable says when it cannot start is its own.
  if (isStandalone()) expect([finished.status > 0, finished.stdout]).toEqual([true, '']);
  else expect(failedWith(finished)).toMatch(/^There is no mount table in \/proc; /);
});
