import type { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT } from '../../support/program.js';
import { buildTree, changeTree, symlink } from '../../support/tree.js';
import { failsWith, openMachine, script, sysext } from './odd-machine.js';

let machine: Machine;
beforeEach(async () => {
  machine = await openMachine();
});
afterEach(() => machine.close());

test('an /etc/os-release that leads nowhere: the other one counts', async () => {
  buildTree(machine.root, { 'etc/os-release': symlink('../run/no-such-file') });
  succeeded(await machine.call('merge'));
  expect(machine.read('opt/a')).toBe('a\n');
});

test('no os-release but one that leads nowhere', async () => {
  changeTree(machine.root, { remove: ['usr/lib/os-release'] });
  buildTree(machine.root, { 'etc/os-release': symlink('/usr/lib/os-release') });
  await failsWith(machine, /^No os-release file: .* create one with at least ID=\.$/);
});

test('times before 1970', async () => {
  buildTree(machine.root, { 'var/lib/extensions/old.raw': 'no image\n' });
  await script(
    machine,
    'cd "$1"; touch -d @-2000000000 usr opt var/lib/extensions/a var/lib/extensions/old.raw',
    machine.root,
  );
  const { stdout } = succeeded(await machine.call('list --no-legend'));
  expect(stdout).toMatch(/^old +raw .* Thu 1906-08-16 20:26:40 UTC$/m);
  expect(JSON.parse(succeeded(await machine.call('list --json=short')).stdout)[1].time).toBe(-2e15);
  changeTree(machine.root, { remove: ['var/lib/extensions/old.raw'] });
  succeeded(await machine.call('merge'));
  expect(succeeded(await machine.call('refresh')).stderr).toMatch(/no change was found/);
  expect(succeeded(await machine.call('status --no-legend')).stdout).toMatch(/^\/opt a \w{3} 20\d\d-/);
});

test.each(['ar_EG.UTF-8', 'fa_IR.UTF-8', 'tr_TR.ISO-8859-9', 'no-such-locale'])(
  'the locale %s',
  async (locale) => {
    const env = { LC_ALL: locale, LANG: locale, LC_TIME: locale, LC_NUMERIC: locale };
    succeeded(await machine.call('merge', { env }));
    for (const verb of ['status', 'list', 'list --json=pretty'])
      expect(succeeded(await machine.call(verb, { env }))).toEqual(succeeded(await machine.call(verb)));
    succeeded(await machine.call('unmerge', { env }));
    expect(machine.mounts()).toEqual([]);
  },
);

test.each(['0<&-', '1>&-', '2>&-', '0<&- 1>&-', '1>&- 2>&-', '0<&- 1>&- 2>&-'])(
  'with the descriptors %s closed no message gets into a file',
  async (closed) => {
    succeeded(await machine.call('merge'));
    const merged = machine.state();
    succeeded(await machine.call('unmerge'));
    const before = machine.state();
    const run = (verb: string) =>
      machine.namespace.must(['sh', '-c', `exec ${sysext(machine, verb)} ${closed}`], {
        env: { ...ENVIRONMENT },
      });
    await run('merge --log-level=debug');
    expect({ tree: machine.state().tree, run: machine.state().run }).toEqual({
      tree: merged.tree,
      run: merged.run,
    });
    await run('refresh --always-refresh=yes --log-level=debug');
    expect(machine.state().tree).toEqual(merged.tree);
    await run('unmerge --log-level=debug');
    await machine.expectState(before);
  },
);

test('a reader of standard error that went away does not stop a merge', async () => {
  const text = `{ { sleep 0.1; ${sysext(machine, 'merge')}; echo $? >&3; } 2>&1 | true; } 3>&1`;
  expect(await machine.namespace.must(['sh', '-c', text], { env: { ...ENVIRONMENT } })).toBe('0\n');
  expect(machine.read('opt/a')).toBe('a\n');
});

test('on a terminal of 20 columns each line is told whole', async () => {
  succeeded(await machine.call('merge'));
  for (const verb of ['status', 'list', 'explain a']) {
    const { stdout: wanted } = succeeded(await machine.call(verb));
    const command = `stty cols 20 rows 5; ${sysext(machine, verb)}`;
    const run = ['script', '--quiet', '--return', '--command', command, '/dev/null'];
    const { stdout } = succeeded(await machine.namespace.run(run, { env: ENVIRONMENT }));
    expect(stdout.replaceAll('\r', '')).toBe(wanted);
  }
});
