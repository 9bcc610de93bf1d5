import { readFileSync } from 'node:fs';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      ...extension('b', { files: { 'opt/b': 'b\n' } }),
      ...extension('a', { files: { 'usr/share/a': 'a\n' } }),
    },
  });
});
afterAll(() => machine.close());

describe('what cannot be understood fails in one line', () => {
  const cases: readonly (readonly [words: readonly string[], says: RegExp])[] = [
    [['mrege'], /^Unknown command verb 'mrege', did you mean 'merge'\?$/],
    [[''], /^Unknown command verb ''/],
    [['\x1b[31mred'], /^Unknown command verb '\\x1b\[31mred'/],
    [['unmerge', 'foo'], /^Too many arguments\.$/],
    [['status', 'status'], /^Too many arguments\.$/],
    [['--frce'], /^Unknown option '--frce', did you mean '--force'\?$/],
    [['-x'], /^Unknown option '-x'/],
    [['--no'], /^Option '--no' is ambiguous: .*--noexec.*--no-reload/],
    [['--json=yaml'], /--json=.*yaml.*pretty, short, off/],
    [['--json'], /^Option '--json' needs a value/],
    [['--force=yes'], /^Option '--force' takes no value\.$/],
    [['--noexec=maybe'], /^Failed to parse boolean argument to '--noexec': maybe$/],
    [['--always-refresh='], /--always-refresh/],
    [['--lock-timeout=-1'], /--lock-timeout/],
    [['--lock-timeout=soon'], /--lock-timeout/],
    [['--log-level=loud'], /^Failed to parse log level: loud/],
    [['--log-format=xml'], /--log-format/],
    [['--class=portable'], /--class/],
  ];
  test.each(cases)('%j', async (words, says) => {
    expect(failedWith(await machine.call(words))).toMatch(says);
  });
});

describe('what is asked for is printed on standard output, with exit status 0', () => {
  test.each([['help'], ['--help'], ['-h'], ['merge --help'], ['--he']])('%s', async (words) => {
    const { stdout, stderr } = succeeded(await machine.call(words));
    expect(stderr).toBe('');
    for (const word of [
      'status',
      'merge',
      'unmerge',
      'refresh',
      'list',
      '--root',
      '--force',
      '--json',
      '--lock-timeout',
    ])
      expect(stdout).toContain(word);
    expect(machine.mounts()).toEqual([]);
  });

  test('--version', async () => {
    const { version } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    ) as { version: string };
    expect(succeeded(await machine.call('--version')).stdout).toContain(version);
  });

  test('the values of an option', async () => {
    expect(succeeded(await machine.call('--json=help')).stdout).toBe('pretty\nshort\noff\n');
  });
});

test('status is what is done without a verb', async () => {
  expect(await machine.call([])).toEqual(await machine.call('status'));
});

test('options may be abbreviated, stand behind the verb, and have their value in the next word', async () => {
  const plain = succeeded(await machine.call('list --json=short'));
  expect(succeeded(await machine.call('--js short list'))).toEqual(plain);
  expect(
    succeeded(await machine.call(`list --roo=${machine.root} --json short --no-pag`, { root: '/nowhere' })),
  ).toEqual(plain);
});

test.each([
  ['list', 'format,loopDevices,name,partitions,path,protection,rootHash,time,type,version'],
  ['status', 'choice,extensions,hierarchy,images,since'],
])('%s --json= prints the same data on one line, on many, or as a table', async (verb, keys) => {
  const call = async (json: string) => succeeded(await machine.call([verb, `--json=${json}`])).stdout;
  const short = await call('short');
  expect(short).toMatch(/^\[[^\n]*\]\n$/);
  const data = JSON.parse(short) as object[];
  expect(data.map((row) => Object.keys(row).sort().join())).toEqual([keys, keys]);
  const pretty = await call('pretty');
  expect(pretty).toMatch(/^\[\n\t\{\n/);
  expect(JSON.parse(pretty)).toEqual(data);
  expect(await call('off')).toMatch(/^[A-Z]+ +[A-Z]+/);
});

test('--no-legend leaves the header out, and nothing else', async () => {
  const { stdout } = succeeded(await machine.call('list'));
  const [header, ...rows] = stdout.split('\n');
  expect(header).toMatch(/^NAME +TYPE +PATH +TIME$/);
  expect(
    succeeded(await machine.call('list --no-legend'))
      .stdout.split('\n')
      .map(squeeze),
  ).toEqual(rows.map(squeeze));
});

const squeeze = (line: string): string => line.replaceAll(/ +/g, ' ');
