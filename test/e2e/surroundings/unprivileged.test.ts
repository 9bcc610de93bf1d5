import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../support/fault.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? describe : describe.skip;

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const USER_NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount'];

asRoot('without being root', () => {
  let machine: Machine;
  let temporary: string;
  beforeEach(async () => {
    machine = await Machine.open({
      tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n', 'usr/share/a': 'a\n' } }) },
    });
    temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    await machine.namespace.must(['chown', '--recursive', '65534:65534', machine.directory]);
    chmodSync(machine.directory, 0o755);
  });
  afterEach(() => machine.close());

  const run = (command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
    machine.namespace.run(command, { env: { ...ENVIRONMENT, TMPDIR: temporary, ...env } });

  const program = (): string[] => [...programCommand(), `--root=${machine.root}`];

  describe('in a user namespace', () => {
    /** Runs shell code; `sysext` in it is the program, `cd` has been done to the root. */
    const script = (code: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> => {
      const sysext = program().map(quote).join(' ');
      const prologue = `set -eu; cd ${quote(machine.root)}; sysext() { ${sysext} "$@"; };`;
      return run([...NOBODY, ...USER_NAMESPACE, 'sh', '-c', prologue + code], env);
    };

    test.each([
      ['below the directory for temporary files', {}],
      ['below XDG_RUNTIME_DIR', { XDG_RUNTIME_DIR: 'runtime' }],
    ])(
      'directories are merged, refreshed and unmerged, with the lock %s',
      async (_, variables: Record<string, string>) => {
        const env = Object.fromEntries(
          Object.entries(variables).map(([name, value]) => [name, join(temporary, value)]),
        );
        mkdirSync(join(temporary, 'runtime'));
        chmodSync(join(temporary, 'runtime'), 0o777);
        const before = machine.state();
        const { stdout } = succeeded(
          await script(
            `sysext merge
           cat opt/a usr/share/a usr/bin/host
           sysext status --no-legend
           mkdir -p var/lib/extensions/b/opt var/lib/extensions/b/usr/lib/extension-release.d
           echo ID=_any >var/lib/extensions/b/usr/lib/extension-release.d/extension-release.b
           echo b >var/lib/extensions/b/opt/b
           sysext refresh
           cat opt/b
           stat --format='%a %u' usr opt
           sysext unmerge
           rm -r var/lib/extensions/b
           grep -c ${quote(machine.root)} /proc/self/mountinfo || true
           find ${quote(temporary)} -mindepth 1`,
            env,
          ),
        );
        expect(stdout.replaceAll(/[A-Z][a-z]{2} .* UTC/g, 'TIME')).toBe(
          [
            'a\na\nfrom the host',
            '/opt a TIME\n/usr a TIME',
            'b',
            '755 0\n755 0',
            '0',
            join(temporary, 'runtime'),
            '',
          ].join('\n'),
        );
        expect(machine.state().tree).toEqual(before.tree);
      },
    );

    test('a disk image is refused with a sentence that names it, and nothing is merged', async () => {
      machine.addImage('squashfs', 'var/lib/extensions/image.raw', sysextTree('image'));
      const before = machine.state();
      expect(failedWith(await script('sysext merge --log-level=warning'))).toMatch(
        /^Failed to mount image 'image' \(.*\/image\.raw, squashfs\): .*(not permitted|permission|loop)/i,
      );
      await machine.expectState(before);
    });
  });

  describe.each([
    ['an ordinary user', NOBODY, /^Need to be privileged\. Run it as root/],
    [
      'root without CAP_SYS_ADMIN',
      ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'],
      /but without CAP_SYS_ADMIN\. .* --privileged/,
    ],
  ])('%s', (_, become, wanted) => {
    test.each(['merge', 'unmerge', 'refresh'])('%s asks for the privilege', async (verb) => {
      const before = machine.state();
      expect(failedWith(await run([...become, ...program(), verb]))).toMatch(wanted);
      await machine.expectState(before);
    });

    test('status and list work', async () => {
      succeeded(await machine.call('merge'));
      expect(succeeded(await run([...become, ...program(), 'status', '--no-legend'])).stdout).toMatch(
        /^\/opt a .*\n\/usr a .*\n$/,
      );
      expect(succeeded(await run([...become, ...program(), 'list', '--no-legend'])).stdout).toMatch(
        /^a directory .*\n$/,
      );
    });
  });
});
