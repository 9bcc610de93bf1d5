import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { quote } from '../../support/fault.js';
import { sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { below, buildTree } from '../../support/tree.js';
import { until } from '../../support/until.js';

const missing = provide({ mksquashfs: 'squashfs-tools' });
const asRoot = process.getuid?.() === 0 && missing === null ? describe : describe.skip;

asRoot(missing ?? 'on a terminal, and without mercy', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.open();
    buildTree(machine.directory, below('tool', sysextTree('tool', { files: { 'usr/share/ext': 'x' } })));
  });
  afterAll(() => machine.close());
  const at = (name: string) => join(machine.directory, name);
  const words = (...rest: string[]) => [...programCommand(), ...rest].map(quote).join(' ');
  const run = (code: string) => words('run', `--with=${at('tool')}`, '--', 'bash', '-c', code);

  /** Runs shell code with a terminal for all streams; `keys` is code that prints what is typed. */
  async function onTerminal(code: string, keys = 'true'): Promise<string> {
    const call = `(${keys}) | script --quiet --return --command ${quote(`exec ${code}`)} /dev/null`;
    return succeeded(await machine.namespace.run(['bash', '-c', call], { env: ENVIRONMENT })).stdout;
  }

  test('a key of the terminal reaches the command once', async () => {
    const ready = at('ready');
    const code = `n=0; trap 'n=$((n + 1))' INT; >${ready}; for i in {1..40}; do sleep 0.02; done; echo "$n times"`;
    const keys = `until [ -e ${ready} ]; do sleep 0.02; done; printf '\\003'; sleep 1.5`;
    expect(await onTerminal(run(code), keys)).toMatch(/1 times\r\n$/);
  });

  test('the command has the terminal', async () => {
    expect(
      await onTerminal(run('tty; stty size >/dev/null && [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all')),
    ).toMatch(/^\/dev\/pts\/\d+\r\nall\r\n$/);
  });

  test('pack tells what it is at, and takes that off again', async () => {
    const text = await onTerminal(words('pack', at('tool'), `--output=${at('out.raw')}`));
    const stages = text.split('\r\x1b[K').slice(1);
    expect(stages.slice(0, 3)).toEqual([
      `Copying '${at('tool')}' …`,
      'Making the squashfs file system …',
      `Checking '${at('out.raw')}' …`,
    ]);
    expect(stages[3]).toMatch(/^Made '/);
  });

  test('when all of it is killed while the command runs, nothing is left', async () => {
    const temporary = at('temporary');
    mkdirSync(temporary);
    const before = machine.state();
    const running = at('running');
    const finished = machine.namespace.run(
      ['setsid', 'sh', '-c', `echo $$ >${at('group')}; exec ${run(`>${running}; sleep 20`)}`],
      { env: { ...ENVIRONMENT, TMPDIR: temporary } },
    );
    await until('the command to run', () => existsSync(running));
    process.kill(-Number(readFileSync(at('group'), 'utf8')), 'SIGKILL');
    expect(await finished).toMatchObject({ status: 137 });
    await machine.expectState(before);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
