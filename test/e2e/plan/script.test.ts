import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { buildTree, directory, type Tree } from '../../support/tree.js';

/** Names that mean something to a shell, to mount(8) or to overlayfs, or move the cursor of a terminal. */
const HOSTILE = ['-rf', "it's", '$(touch x)', '`touch x`', 'a b', 'a:b,c', 'back\\slash', '"', '*', '日本'];

let machine: Machine;
afterEach(() => machine.close());

async function open(tree: Tree): Promise<void> {
  machine = await Machine.open({ tree });
}

/** The script of a command, as a file. */
async function scriptOf(words: string | readonly string[], root = machine.root): Promise<string> {
  const args = typeof words === 'string' ? words.split(' ') : words;
  const { status, stdout, stderr } = await machine.call(['plan', '--format=sh', ...args], { root });
  expect({ status, stderr }).toMatchObject({ status: 0, stderr: '' });
  const file = join(machine.directory, `script-${args[0]}`);
  writeFileSync(file, stdout);
  return stdout;
}

const run = (name: string, shell: readonly string[] = ['sh']) =>
  machine.namespace.run([...shell, join(machine.directory, `script-${name}`)]);

test('hostile names are data, and nothing of them reaches the terminal', async () => {
  await open({});
  const root = join(machine.root, "a 'root'\n\u001b[2J $HOME");
  mkdirSync(root);
  const tree = { ...HOST, 'usr/pl ace\\': directory() };
  buildTree(root, Object.assign(tree, ...HOSTILE.map((name) => extension(name))) as Tree);
  await machine.namespace.must([
    'mount',
    '-t',
    'tmpfs',
    '-o',
    'mode=0755',
    'mine',
    join(root, 'usr/pl ace\\'),
  ]);
  const before = machine.state();
  const shown = () =>
    machine
      .mounts()
      .map(({ mountPoint, type, options, superOptions }) => ({ mountPoint, type, options, superOptions }));
  const clean = () =>
    rmSync(join(machine.namespace.path(root), 'var/lib/extensions.mutable'), { recursive: true });
  expect((await machine.call('merge --mutable=yes', { root })).status).toBe(0);
  const merged = shown();
  expect((await machine.call('unmerge', { root })).status).toBe(0);
  clean();
  const script = await scriptOf('merge --mutable=yes', root);
  expect(script.match(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/)).toBeNull();
  expect(await run('merge')).toEqual({ status: 0, stdout: '', stderr: '' });
  const { stdout } = await machine.call('status --json=short', { root });
  const [, usr] = JSON.parse(stdout) as { extensions: string[] }[];
  expect([...usr!.extensions].sort()).toEqual([...HOSTILE].sort());
  expect(shown()).toEqual(merged);
  // It is the merge of the program: nothing has changed for it, and it takes it off.
  const refreshed = await machine.call('refresh --mutable=yes', { root });
  expect(refreshed.stderr).toContain('Skipping extension refresh');
  await scriptOf('unmerge', root);
  expect(await run('unmerge')).toEqual({ status: 0, stdout: '', stderr: '' });
  clean();
  await machine.expectState(before);
});

test('a script that fails at any step takes back what was done', async () => {
  await open({
    ...HOST,
    ...extension('a', { files: { 'usr/a': '', 'opt/a': '' } }),
    'usr/place': directory(),
    'opt/place': directory(),
  });
  const { root } = machine;
  await machine.namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'mine', `${root}/usr/place`]);
  const failAt = async (verb: string, words: string): Promise<number> => {
    const script = await scriptOf(`${verb} ${words}`.trim());
    const before = machine.state();
    const planned = script.slice(0, script.indexOf('\ndone=yes')).matchAll(/^step=(\d+)$/gm);
    const steps = [...planned].map(([line, number]) => ({ line, number })).slice(2);
    for (const { line, number } of steps) {
      // After the code of the step: all of it was done, and then something fails.
      const next = script.indexOf('\n\n', script.indexOf(`\n${line}\n`));
      writeFileSync(
        join(machine.directory, `script-${verb}`),
        `${script.slice(0, next)}\nfalse\n${script.slice(next)}`,
      );
      expect(await run(verb)).toMatchObject({
        status: 1,
        stderr: `Step ${number} failed; what was done is taken back.\n`,
      });
      await machine.expectState(before);
    }
    return steps.length;
  };
  expect(await failAt('merge', '--mutable=yes')).toBeGreaterThan(8);
  expect((await machine.call('merge')).status).toBe(0);
  await machine.namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'other', `${root}/opt/place`]);
  expect(await failAt('refresh', '--mutable=ephemeral')).toBeGreaterThan(8);
  expect(await failAt('unmerge', '')).toBeGreaterThan(2);
});

test('it stops where something is not as it was when it was made', async () => {
  await open({ ...HOST, ...extension('a') });
  const { root } = machine;
  await scriptOf('merge');
  await machine.namespace.must(['mv', `${root}/var/lib/extensions/a`, `${root}/var/lib/b`]);
  await machine.namespace.must(['cp', '-a', `${root}/var/lib/b`, `${root}/var/lib/extensions/a`]);
  const changed = machine.state();
  expect(await run('merge')).toEqual({
    status: 1,
    stdout: '',
    stderr: `${root}/var/lib/extensions/a is not what it was when this plan was made; make it again.\n`,
  });
  await machine.expectState(changed);
  await scriptOf('merge');
  expect((await machine.call('merge')).status).toBe(0);
  const merged = machine.state();
  expect(await run('merge')).toMatchObject({
    status: 1,
    stderr: `${root}/usr is not as it was when this plan was made; make it again.\n`,
  });
  await scriptOf('unmerge');
  const busy = await machine.namespace.run([
    'sh',
    '-c',
    'mkdir -p -m 0700 /run/systemd/sysext; lock=$(sed -n "s/^work=.state.//p" "$0"); flock "/run/systemd/sysext/$lock.lock" sh "$0"; rm -r /run/systemd',
    join(machine.directory, 'script-unmerge'),
  ]);
  expect(busy.stderr).toBe('Another call is at work on the same root; try again later.\n');
  await machine.expectState(merged);
  expect(await run('unmerge')).toMatchObject({ status: 0 });
  expect(await run('unmerge')).toMatchObject({ status: 1 });
});
