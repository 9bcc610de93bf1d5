import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

test('files in the working directory are no settings, whatever the runtime is', async () => {
  const machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) } });
  try {
    const { directory, root } = machine;
    writeFileSync(join(directory, '.env'), 'SYSTEMD_SYSEXT_HIERARCHIES=/srv\nSYSTEMD_LOG_LEVEL=debug\n');
    writeFileSync(join(directory, 'bunfig.toml'), 'preload = ["./evil.js"]\n');
    writeFileSync(
      join(directory, 'package.json'),
      '{ "type": "commonjs", "imports": { "#x": "./evil.js" } }',
    );
    writeFileSync(join(directory, 'evil.js'), 'console.log("evil"); process.exit(3);\n');
    const command = ['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', directory, ...programCommand()];
    const finished = await machine.namespace.run([...command, `--root=${root}`, 'status', '--no-legend'], {
      env: ENVIRONMENT,
    });
    expect(succeeded(finished)).toMatchObject({ stdout: '/opt - -\n/usr - -\n', stderr: '' });
  } finally {
    await machine.close();
  }
});
