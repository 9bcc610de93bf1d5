import { extension, HOST } from '../support/fixtures.js';
import { onMachine } from '../support/machine.js';
import { succeeded } from '../support/outcome.js';
import { ENVIRONMENT, findOracles, NO_ORACLE, type Oracle } from './programs.js';

const TREE = { ...HOST, ...extension('a'), ...extension('b'), ...extension('c', { in: 'srv/more' }) };

/** The record of a choice is a key more in a file that the original reads. */
describe('the original takes a merge of what was chosen as any other one', () => {
  const oracles = findOracles().filter(({ version }) => version >= 257);
  if (oracles.length === 0) test.skip(NO_ORACLE, () => {});
  for (const { name, command } of oracles) test(name, () => takesIt(command));
});

async function takesIt(command: Oracle['command']): Promise<void> {
  await onMachine({ tree: TREE, propagation: 'shared', run: true }, async (machine) => {
    const original = async (words: string) => {
      const args = [...command('sysext'), `--root=${machine.root}`, ...words.split(' ')];
      return succeeded(await machine.namespace.run(args, { env: ENVIRONMENT }));
    };
    const namesOf = (json: string) =>
      (JSON.parse(json) as { extensions: readonly string[] | 'none' }[]).flatMap(({ extensions }) =>
        // As 257 says it (`word-none`).
        extensions === 'none' ? [] : extensions,
      );
    const before = machine.state();

    succeeded(await machine.call('merge b c --from=/srv/more --order=c,b'));
    expect(namesOf((await original('status --json=short')).stdout)).toEqual(['c', 'b']);
    expect((await original('list --no-legend')).stdout).toMatch(/^a .*\nb .*\n$/);
    await original('unmerge');
    expect(machine.state()).toMatchObject({ mounts: before.mounts, tree: before.tree });

    // It merges all, and knows of no choice; neither do we then.
    succeeded(await machine.call('merge b'));
    await original('refresh');
    expect(namesOf((await original('status --json=short')).stdout)).toEqual(['a', 'b']);
    expect(succeeded(await machine.call('refresh')).stderr).not.toContain('Keeping');
    succeeded(await machine.call('unmerge'));
  });
}
