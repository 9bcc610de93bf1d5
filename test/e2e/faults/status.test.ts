import { killAfter } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';

test('status says that a call was killed in the middle, until the next one has put things in order', async () => {
  await onMachine({ tree: { ...HOST, ...extension('a') } }, async (machine) => {
    const faults = machine.faults();
    faults.plan({ 3: killAfter });
    expect(await machine.call('merge', { faults })).toMatchObject({ status: 137 });
    const { stdout, stderr } = succeeded(await machine.call('status --no-legend'));
    expect(stdout).toBe('/opt - -\n/usr - -\n');
    expect(stderr).toContain('was killed in the middle');
    succeeded(await machine.call('unmerge'));
    expect(succeeded(await machine.call('status')).stderr).toBe('');
  });
});
