import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provide } from '../../support/debian.js';
import { HOST } from '../../support/fixtures.js';
import { onMachine } from '../../support/machine.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import { succeeded } from '../../support/outcome.js';
import { CHECKOUT, ENVIRONMENT, isStandalone } from '../../support/program.js';

const missing = provide({ mksquashfs: IMAGE_TOOLS['mksquashfs']! });
const isRoot = process.getuid?.() === 0;
// The image has the executable in it, so it is tried once, with that.
const withImage = missing === null && isRoot && isStandalone() ? test : test.skip;

withImage(`npm run build:image makes an extension that has the program in it${missing ?? ''}`, async () => {
  const { status, stdout, stderr } = spawnSync('bash', [join(CHECKOUT, 'scripts/build-image.sh')], {
    encoding: 'utf8',
  });
  expect([status, stdout, stderr]).toEqual([0, 'dist/sysext.raw\n', '']);
  await onMachine({ tree: HOST }, async (machine) => {
    const image = join(machine.root, 'var/lib/extensions/sysext.raw');
    mkdirSync(dirname(image), { recursive: true });
    copyFileSync(join(CHECKOUT, 'dist/sysext.raw'), image);
    expect(succeeded(await machine.call('merge')).stderr).toBe(
      "Using extensions 'sysext.raw'.\nMerged extensions into '/usr'.\n".replace(
        "'/usr'",
        `'${join(machine.root, 'usr')}'`,
      ),
    );
    // What was merged says what is merged, under both names.
    const run = async (name: string, ...words: string[]) =>
      succeeded(
        await machine.namespace.run([join(machine.root, 'usr/bin', name), ...words], { env: ENVIRONMENT }),
      );
    expect((await run('sysext', `--root=${machine.root}`, '--no-legend')).stdout).toMatch(
      /^\/opt +- +-\n\/usr +sysext /,
    );
    expect((await run('confext', '--help')).stdout).toContain('into /etc/.');
    for (const page of ['man8/sysext.8', 'man8/confext.8', 'man5/sysext.conf.5', 'man5/confext.conf.5'])
      expect(machine.read(`usr/share/man/${page}`)).toContain('.TH');
    expect(machine.read('usr/share/bash-completion/completions/confext')).toContain('confext');
    // It takes itself off again while it runs.
    expect((await run('sysext', `--root=${machine.root}`, 'unmerge')).stderr).toContain('Unmerged');
    expect(machine.read('usr/bin/sysext')).toBeNull();
  });
});
