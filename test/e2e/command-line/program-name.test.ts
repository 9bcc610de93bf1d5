import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programFile, startedBy } from '../../support/program.js';

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('of-sysext'), ...confext('of-confext') } });
  mkdirSync(join(machine.directory, 'elsewhere'));
});
afterAll(() => machine.close());

test.each([
  ['sysext', 'of-sysext'],
  ['systemd-sysext', 'of-sysext'],
  ['confext', 'of-confext'],
  ['systemd-confext', 'of-confext'],
  ['any-other-name', 'of-sysext'],
])('a link called %s is the program for %s', async (name, listed) => {
  const link = join(machine.directory, 'elsewhere', name);
  symlinkSync(programFile(), link);
  const call = (...words: string[]) =>
    machine.namespace.run([...startedBy(link), `--root=${machine.root}`, ...words], {
      env: { ...ENVIRONMENT },
    });
  expect(succeeded(await call('list', '--no-legend')).stdout).toMatch(new RegExp(`^${listed} [^\\n]*\\n$`));
  // An option is stronger than a name.
  expect(succeeded(await call('list', '--no-legend', '--class=confext')).stdout).toMatch(
    /^of-confext [^\n]*\n$/,
  );
});

test('the program that is called confext is for confexts', async () => {
  expect(succeeded(await machine.call('list --no-legend', { as: 'confext' })).stdout).toMatch(
    /^of-confext [^\n]*\n$/,
  );
  expect(succeeded(await machine.call('list --no-legend --class=sysext', { as: 'confext' })).stdout).toMatch(
    /^of-sysext /,
  );
});

test('a link of a link works', async () => {
  symlinkSync(programFile(), join(machine.directory, 'elsewhere/first'));
  symlinkSync('elsewhere/first', join(machine.directory, 'confext'));
  const command = [
    ...startedBy(join(machine.directory, 'confext')),
    `--root=${machine.root}`,
    'list',
    '--no-legend',
  ];
  expect(succeeded(await machine.namespace.run(command, { env: { ...ENVIRONMENT } })).stdout).toMatch(
    /^of-confext /,
  );
});
