import { quote } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      ...extension('good', { files: { 'opt/good': '' } }),
      ...extension('bad', { release: 'ID=other\n' }),
    },
  });
});
afterEach(() => machine.close());

test('--log-level= and SYSTEMD_LOG_LEVEL choose what is told, and the option wins', async () => {
  const told = async (words: string, level?: string): Promise<string> => {
    const env = level === undefined ? {} : { SYSTEMD_LOG_LEVEL: level };
    const { stderr } = succeeded(await machine.call(`refresh --always-refresh=yes ${words}`.trim(), { env }));
    return ['fits this system', 'Ignoring', 'Merged'].filter((text) => stderr.includes(text)).join();
  };
  expect(await told('')).toBe('Ignoring,Merged');
  expect(await told('--log-level=debug')).toBe('fits this system,Ignoring,Merged');
  expect(await told('', 'debug')).toBe('fits this system,Ignoring,Merged');
  expect(await told('--log-level=warning', 'debug')).toBe('Ignoring');
  expect(await told('', '3')).toBe('');
  expect(await told('', 'no-such-level')).toBe('Ignoring,Merged');
});

test('--log-format=json makes each line of standard error a JSON object with level and message', async () => {
  const calls = [
    await machine.call('merge --log-format=json --log-level=debug'),
    await machine.call('merge --log-format=json'),
    await machine.call('unmerge --log-format=json'),
    await machine.call('list --log-format=json', { root: '/nowhere' }),
  ];
  expect(calls.map(({ status }) => status)).toEqual([0, 1, 0, 1]);
  for (const { stderr } of calls) {
    const lines = stderr.split('\n').slice(0, -1);
    expect(lines).not.toEqual([]);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(String),
        msg: expect.any(String),
        time: expect.any(String),
      });
    }
  }
});

test('results go to standard output, all else to standard error', async () => {
  expect(await machine.call('merge')).toMatchObject({ status: 0, stdout: '' });
  expect(await machine.call('status')).toMatchObject({ status: 0, stderr: '' });
  expect(await machine.call('list')).toMatchObject({ status: 0, stderr: '' });
});

describe.each([
  ['standard output', '>&-'],
  ['standard error', '2>&-'],
  ['standard input', '<&-'],
  ['standard output, output and error', '<&- >&- 2>&-'],
])('with %s closed', (_, redirection) => {
  test('each verb does its work', async () => {
    const sysext = [...programCommand(), `--root=${machine.root}`].map(quote).join(' ');
    for (const verb of ['merge', 'status', 'list', 'refresh --always-refresh=yes']) {
      const script = `exec ${sysext} ${verb} ${redirection}`;
      expect(await machine.namespace.run(['sh', '-c', script], { env: { ...ENVIRONMENT } })).toMatchObject({
        status: 0,
      });
    }
    expect(machine.read('opt/good')).toBe('');
    expect(machine.state().run).toEqual([]);
  });
});

test('a reader that goes away early is no error', async () => {
  const sysext = [...programCommand(), `--root=${machine.root}`].map(quote).join(' ');
  // The status of the program, from the front of a pipe.
  const script = (verb: string): string => `{ ${sysext} ${verb}; echo $? >&3; } | true`;
  for (const verb of ['status', 'list', '--help']) {
    const command = ['sh', '-c', `{ ${script(verb)}; } 3>&1`];
    const finished = await machine.namespace.run(command, { env: { ...ENVIRONMENT } });
    expect({ verb, ...finished }).toEqual({ verb, status: 0, stdout: '0\n', stderr: '' });
  }
});

test('standard error that cannot be written to does not stop a merge', async () => {
  const sysext = [...programCommand(), `--root=${machine.root}`].map(quote).join(' ');
  const finished = await machine.namespace.run(['sh', '-c', `${sysext} merge 2>/dev/full`], {
    env: { ...ENVIRONMENT },
  });
  expect(finished).toMatchObject({ status: 0 });
  expect(machine.read('opt/good')).toBe('');
});

test('a result that cannot be written is an error', async () => {
  const sysext = [...programCommand(), `--root=${machine.root}`].map(quote).join(' ');
  const command = ['sh', '-c', `${sysext} list >/dev/full`];
  expect(failedWith(await machine.namespace.run(command, { env: { ...ENVIRONMENT } }))).toMatch(
    /no space left/i,
  );
});
