import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { readLayerJson } from '../../support/layer-schemas.js';
import { Machine } from '../../support/machine.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

const missing =
  process.getuid?.() === 0 ? provide({ mksquashfs: 'squashfs-tools' }) : 'only root mounts images';

(missing === null ? describe : describe.skip)(`disk images${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.open({
      tree: { ...HOST, ...extension('dir', { files: { 'usr/bin/tool': 'dir' } }) },
    });
    const files = { 'usr/bin/tool': 'image', 'usr/bin/host': 'image' };
    machine.addImage('squashfs', 'var/lib/extensions/image.raw', sysextTree('image', { files }));
    mkdirSync(join(machine.directory, 'temporary'), { mode: 0o777 });
    await machine.namespace.must(['chmod', '--recursive', 'a+rwX', machine.directory]);
  });
  afterAll(() => machine.close());

  async function call(words: readonly string[], by: readonly string[] = []) {
    const before = machine.state();
    const command = [...by, ...programCommand(), `--root=${machine.root}`, ...words];
    const env = { ...ENVIRONMENT, TMPDIR: join(machine.directory, 'temporary') };
    const finished = await machine.namespace.run(command, { env });
    await machine.expectState(before);
    return finished;
  }

  const USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  const which = async (words: readonly string[]) => {
    const { status, stdout } = await call(['which', '--json=short', ...words]);
    return { status, ...readLayerJson('which-1', stdout) };
  };

  test('before a merge, merged, and changed since', async () => {
    const wanted = {
      status: 0,
      paths: [
        {
          provider: { layer: { name: 'image', source: '/var/lib/extensions/image.raw' } },
          others: [{ layer: { name: 'dir' }, difference: 'content' }],
        },
        { provider: { layer: { kind: 'host' } } },
      ],
    };
    const paths = ['/usr/bin/tool', '/usr/lib/os-release'];
    expect(await which(paths)).toMatchObject({ kind: 'planned', notes: [], ...wanted });
    expect((await machine.call('merge')).status).toBe(0);
    expect(await which(paths)).toMatchObject({ kind: 'live', notes: [], ...wanted });
    const { stdout } = await call(['conflicts']);
    expect(stdout).toContain("/usr/bin/tool: 'image' hides that of 'dir'");
    appendFileSync(join(machine.root, 'var/lib/extensions/image.raw'), Buffer.alloc(4096));
    const changed = await which(['/usr/bin/tool']);
    expect(changed.notes).toMatchObject([expect.stringContaining("'image' is not what was merged (mtime)")]);
    expect(changed.paths).toMatchObject([{ provider: { layer: { name: 'image' } } }]);
    expect((await machine.call('unmerge')).status).toBe(0);
  });

  test('to a user it cannot be told what is in them', async () => {
    const { status, stdout } = await call(['which', '/usr/bin/tool'], USER);
    expect(status).toBe(2);
    expect(stdout).toContain(
      "/usr/bin/tool: it cannot be told where it is from, or whether it is there, for 'image'",
    );
    expect(stdout).toContain('it has to be mounted, which needs privileges; run this as root.');
    expect((await call(['conflicts'], USER)).status).toBe(2);
  });
});
