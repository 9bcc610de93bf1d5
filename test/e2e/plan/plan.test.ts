import { rmSync } from 'node:fs';
import { extension, HOST } from '../../support/fixtures.js';
import { type CallOptions, Machine } from '../../support/machine.js';
import { type PlanJson, readPlan } from '../../support/plan-schema.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree, directory } from '../../support/tree.js';

const OLD = 'ID=debian\nVERSION_ID=12\n';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      ...extension('good', { files: { 'usr/share/good': '', 'opt/good': '' } }),
      ...extension('old', { release: OLD }),
      'usr/place': directory(),
      'etc/extensions/off': directory(),
    },
  });
});
afterEach(() => machine.close());

/** Calls it, and sees to it that nothing of it stays. */
async function plan(words: string, options: CallOptions = {}) {
  const before = machine.state();
  const finished = await machine.call(`plan ${words}`.trim(), options);
  await machine.expectState(before);
  return finished;
}

async function asJson(words: string, status = 0, options: CallOptions = {}): Promise<PlanJson> {
  const finished = await plan(`${words} --json=pretty`.trim(), options);
  expect(finished).toMatchObject({ status, stderr: '' });
  return readPlan(finished.stdout);
}

const mountBelow = () =>
  machine.namespace.must(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'mine', `${machine.root}/usr/place`]);

test('of a merge: first what it comes to, then the steps, each with its reason', async () => {
  await mountBelow();
  const { status, stdout, stderr } = await plan('merge --mutable=ephemeral');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [summary = '', steps = ''] = stdout.split('\n\n');
  const { root } = machine;
  expect(summary.split('\n')).toEqual([
    "Merge would merge 'good'.",
    `  '${root}/usr' would become writable: what is written goes to memory, and is lost with unmerge; files from 'good'.`,
    `  '${root}/usr/place', mounted below it, would move into the merged tree.`,
    `  '${root}/opt' would become writable: what is written goes to memory, and is lost with unmerge; files from 'good'.`,
    '  Services would be left alone.',
    expect.stringContaining("Extension 'off' is masked"),
    expect.stringContaining("Ignoring extension 'old'"),
  ]);
  expect(
    steps
      .split('\n')
      .slice(1)
      .filter((line) => !/^ *\d+\. |^ +because /.test(line)),
  ).toEqual(['']);
  expect(steps).toContain(`Show the overlay at '${root}/usr'\n     because `);
});

test('it is what is done, and refresh says the reasons that it had been given before', async () => {
  const first = await asJson('--diff');
  expect(first).toMatchObject({
    verb: 'refresh',
    outcome: 'steps',
    extensions: ['good'],
    ignored: [
      { name: 'off', remedy: null },
      { name: 'old', remedy: expect.stringContaining('VERSION_ID=13') },
    ],
    hierarchies: [
      { hierarchy: '/usr', writable: false, layers: [{ extension: 'good' }] },
      { hierarchy: '/opt', writable: false },
    ],
    diff: {
      extensions: [{ name: 'good', change: 'added' }],
      hierarchies: [
        { before: 'not-merged', now: 'read-only' },
        { before: 'not-merged', now: 'read-only' },
      ],
      reasons: [],
    },
  });
  expect((await machine.call('merge')).status).toBe(0);
  expect(await asJson('')).toMatchObject({ outcome: 'nothing', because: 'unchanged', steps: [], diff: null });
  expect(await asJson('merge', 1)).toMatchObject({
    outcome: 'fails',
    problems: ["Hierarchy '/usr' is already merged."],
  });
  expect((await asJson('--always-refresh=yes')).outcome).toBe('steps');

  rmSync(machine.at('var/lib/extensions/good/opt'), { recursive: true });
  buildTree(machine.at(''), extension('new'));
  const second = await asJson('refresh --diff --mutable=import');
  expect(second.diff).toMatchObject({
    extensions: [
      { name: 'good', change: 'same' },
      { name: 'new', change: 'added' },
    ],
    hierarchies: [{ before: 'read-only', now: 'read-only' }, { before: 'read-only' }],
  });
  const { stderr } = await machine.call('refresh --mutable=import --log-level=debug');
  for (const reason of second.diff!.reasons) expect(stderr).toContain(`${reason}\n`);
  expect(second.diff!.reasons.length).toBe(2);
});

test('of an unmerge, with mounts below the hierarchy and without', async () => {
  expect(await asJson('unmerge')).toMatchObject({ outcome: 'nothing', because: 'none-merged' });
  await machine.call('merge');
  const kinds = async () => (await asJson('unmerge')).steps.map(({ kind }) => kind);
  expect(await kinds()).toEqual(['lock', 'unmount', 'unmount', 'unlock']);
  await mountBelow();
  expect(await kinds()).toEqual([
    'lock',
    'open-workspace',
    'detach',
    'detach',
    'carry',
    'close-workspace',
    'unlock',
  ]);
  const { stdout } = await plan('unmerge');
  expect(stdout).toContain(`  '${machine.root}/usr/place', mounted below it, stays.\n`);
});

test('where it would fail, the sentences are those of the command, and there is no script', async () => {
  buildTree(machine.at(''), { 'var/lib/extensions/broken.raw': '' });
  const { status, stdout, stderr } = await plan('merge --format=sh');
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  const merge = await machine.call('merge');
  expect(merge.status).toBe(1);
  expect(stderr).toContain(merge.stderr.trim().split('\n').at(-1));
  expect((await asJson('', 1)).problems).toHaveLength(1);
});

test('a user who may not mount', async () => {
  await machine.namespace.must(['chmod', '--recursive', 'a+rX', machine.directory]);
  const unprivileged = async (...words: string[]) => {
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];
    const command = process.getuid?.() === 0 ? user : ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
    const all = [...command, ...programCommand(), `--root=${machine.root}`, 'plan', ...words];
    return machine.namespace.run(all, { env: { ...ENVIRONMENT } });
  };
  const { status, stdout } = await unprivileged('merge');
  expect({ status, stdout }).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Merge would merge 'good'\./),
  });
  expect(stdout).toContain('To do it, it has to be run as root.');
});
