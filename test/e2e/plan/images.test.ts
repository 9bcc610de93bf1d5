import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { readPlan } from '../../support/plan-schema.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

const missing =
  process.getuid?.() === 0 ? provide({ mksquashfs: 'squashfs-tools' }) : 'only root mounts images';

(missing === null ? describe : describe.skip)(`disk images${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  let temporary: string;
  beforeAll(async () => {
    machine = await Machine.open({ tree: { ...HOST, ...extension('good') } });
    temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    machine.addImage(
      'squashfs',
      'var/lib/extensions/bare.raw',
      sysextTree('bare', { files: { 'usr/bare': '' } }),
    );
    await machine.namespace.must(['chmod', '--recursive', 'a+rX', machine.directory]);
    chmodSync(temporary, 0o1777);
  });
  afterAll(() => machine.close());

  async function plan(words: readonly string[], by: readonly string[] = []) {
    const before = machine.state();
    const command = [...by, ...programCommand(), `--root=${machine.root}`, 'plan', ...words];
    const finished = await machine.namespace.run(command, { env: { ...ENVIRONMENT, TMPDIR: temporary } });
    await machine.expectState(before);
    expect(readdirSync(temporary)).toEqual([]);
    return finished;
  }

  test('are looked into, and the steps are those of the merge to come', async () => {
    const { stdout, stderr } = await plan(['--json=pretty']);
    expect(stderr).toBe('');
    expect(stdout).not.toContain(temporary);
    const { steps, extensions } = readPlan(stdout);
    expect(extensions).toEqual(['bare', 'good']);
    expect(steps.find(({ kind }) => kind === 'mount-image')).toMatchObject({
      details: {
        extension: 'bare',
        part: {
          type: 'squashfs',
          options: 'ro,nodev',
          device: {
            kind: 'loop',
            path: `${machine.root}/var/lib/extensions/bare.raw`,
            offset: 0,
            size: null,
          },
          at: expect.stringMatching(/^\/run\/systemd\/sysext\/root-[0-9-]+\/extensions\/bare$/),
        },
      },
    });
    expect(stdout).toContain('/dev/loop…');
  });

  test('the script mounts them, and records the loop devices that it got', async () => {
    const state = machine.state();
    const script = join(machine.directory, 'merge.sh');
    writeFileSync(script, (await plan(['merge', '--format=sh'])).stdout);
    expect(await machine.namespace.run(['sh', script])).toEqual({ status: 0, stdout: '', stderr: '' });
    const { stdout } = await machine.call('status --json=short');
    const [usr] = (JSON.parse(stdout) as { hierarchy: string; images: { loopDevices: string[] }[] }[]).filter(
      ({ hierarchy }) => hierarchy === '/usr',
    );
    const [loop = ''] = usr!.images[0]!.loopDevices;
    const shown = await machine.namespace.must([
      'losetup',
      '--noheadings',
      '--output=BACK-FILE,RO',
      '--list',
      loop,
    ]);
    expect(shown.trim().split(/ +/)).toEqual([`${machine.root}/var/lib/extensions/bare.raw`, '1']);
    expect((await machine.call('refresh')).stderr).toContain('Skipping extension refresh');
    expect((await machine.call('unmerge')).status).toBe(0);
    await machine.expectState(state);
  });

  test('an ordinary user is told what cannot be told, and gets no script', async () => {
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const { status, stdout } = await plan(['--json=short'], user);
    expect({ status, plan: readPlan(stdout) }).toMatchObject({
      status: 2,
      plan: { outcome: 'untold', problems: [expect.stringContaining("run this as root: 'bare'.")] },
    });
    const script = await plan(['--format=sh'], user);
    expect(script).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('run this as root'),
    });
  });
});
