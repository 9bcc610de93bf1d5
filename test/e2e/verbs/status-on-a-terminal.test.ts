import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

let machine: Machine;
beforeEach(async () => {
  const fits = extension('a', { files: { 'opt/a': 'a\n' } });
  const foreign = extension('old', { release: 'ID=other\n', files: { 'opt/b': 'b\n' } });
  machine = await Machine.open({ tree: { ...HOST, ...fits, ...foreign } });
});
afterEach(() => machine.close());

/** Runs it with a terminal for all streams; script(1) is in Debian's bsdutils. */
async function onTerminal(...words: string[]): Promise<string> {
  const command = [...programCommand(), `--root=${machine.root}`, ...words]
    .map((word) => `'${word}'`)
    .join(' ');
  const run = ['script', '--quiet', '--return', '--command', command, '/dev/null'];
  return succeeded(await machine.namespace.run(run, { env: ENVIRONMENT })).stdout.replaceAll('\r', '');
}

test('a person is told which command tells more about what is installed and not merged', async () => {
  const root = `--root=${machine.root}`;
  expect(await onTerminal('status')).toMatch(
    `\nInstalled are 'a', 'old'; 'sysext ${root} plan merge' says what a merge would do.\n`,
  );
  succeeded(await machine.call('merge'));
  expect(await onTerminal('status')).toMatch(
    `\nInstalled and not merged is 'old'; 'sysext ${root} explain old' says why.\n`,
  );
});

test('nobody else is, nor who wants no more than the table', async () => {
  for (const words of [['--no-legend'], ['--json=short']])
    expect(await onTerminal('status', ...words)).not.toContain('Installed');
  const { stdout, stderr } = succeeded(await machine.call('status'));
  expect([stdout.includes('Installed'), stderr]).toEqual([false, '']);
});
