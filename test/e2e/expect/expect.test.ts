import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readExpected } from '../../support/expect-schema.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree, directory, file, symlink, type Tree } from '../../support/tree.js';

const INSTALLED: Tree = {
  ...HOST,
  bin: symlink('usr/bin'),
  'usr/share/doc/host': '',
  ...extension('foo', { files: { 'usr/bin/tool': file('foo', { mode: 0o755 }), 'usr/share/doc/foo': '' } }),
  ...extension('host', { files: { 'usr/bin/own': '' } }),
  ...extension('bar', { release: 'ID=other\n', files: { 'usr/bin/bar': '' } }),
  'var/lib/extensions/off': directory(),
};

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: INSTALLED });
});
afterEach(() => machine.close());

/** Calls it, and sees to it that nothing of it stays. */
async function call(...words: readonly string[]): Promise<Finished> {
  const before = machine.state();
  const finished = await machine.call(['expect', ...words]);
  await machine.expectState(before);
  return finished;
}

/** The verdict on each. */
async function verdicts(...words: readonly string[]): Promise<Record<string, string>> {
  const { stdout, stderr } = await call(...words, '--json=short');
  expect(stderr).toBe('');
  return Object.fromEntries(
    readExpected(stdout).assertions.map(({ assertion, verdict }) => [assertion, verdict]),
  );
}

const all = (verdict: string, ...assertions: readonly string[]) =>
  Object.fromEntries(assertions.map((assertion) => [assertion, verdict]));

test('before a merge, of a merge, and after it', async () => {
  const merged = ['merged foo', 'merged host', 'file /usr/bin/tool from foo', 'writable /usr = no'];
  const unmerged = ['not-merged foo', 'no-file /usr/bin/tool', 'writable /usr = yes'];
  const always = [
    'not-merged bar',
    'ignored bar because id-mismatch',
    'ignored off because masked',
    'ignored off because empty-directory',
    'file /usr/bin/host from host',
    'no-file /usr/bin/bar',
    'file /var/lib/extensions from host',
  ];
  expect(await verdicts(...merged)).toEqual(all('fails', ...merged));
  expect(await verdicts(...unmerged, ...always)).toEqual(all('holds', ...unmerged, ...always));

  expect((await machine.call('merge')).status).toBe(0);
  const inMerge = [
    'file /bin/tool from foo',
    'file /usr/bin from foo',
    'file /usr/bin from host',
    'file /usr/bin/own from extension:host',
    'file /usr/share/doc/host from host',
    'file /usr/share/doc/foo',
  ];
  const holding = [...merged, ...always, ...inMerge];
  expect(await verdicts(...holding)).toEqual(all('holds', ...holding));
  const wrong = [
    'merged bar',
    'merged nothing',
    'ignored foo',
    'ignored nothing',
    'ignored bar because version-mismatch',
    'file /usr/bin/tool from host',
    'file /usr/bin/host from foo',
    'file /usr/bin/own from host',
    'file /usr/nowhere/at/all',
    'no-file /bin/tool',
    'file /usr/.systemd-sysext/dev from host',
    'writable /nowhere = no',
  ];
  expect(await verdicts(...unmerged, ...wrong)).toEqual(all('fails', ...unmerged, ...wrong));

  const { status, stdout } = await call('merged foo', 'file /usr/bin/host from foo');
  expect(status).toBe(1);
  expect(stdout).toContain(
    'ok: merged foo\nNOT OK: file /usr/bin/host from foo\n  Found: /usr/bin/host is from the host',
  );
  expect((await machine.call('unmerge')).status).toBe(0);
  expect(await verdicts(...unmerged, ...always)).toEqual(all('holds', ...unmerged, ...always));
});

test('a broken image is ignored by its kind; of a writable merge that is told', async () => {
  writeFileSync(join(machine.root, 'var/lib/extensions/broken.raw'), 'no image\n');
  const broken = ['ignored broken because unusable', 'ignored broken because text'];
  expect(await verdicts(...broken)).toEqual(all('holds', ...broken));
  expect((await machine.call('merge')).status).toBe(1);
  expect(await verdicts('not-merged foo', ...broken)).toEqual(all('holds', 'not-merged foo', ...broken));
  const explained = await machine.call('explain --format=github');
  expect(explained.status).toBe(1);
  expect(explained.stdout).toMatch(
    /^::warning title=bar%3A does not fit \(id-mismatch\)::it is for ID=other/m,
  );
  expect(explained.stdout).toMatch(/^::error title=broken%3A cannot be used \(text\)::/m);
  expect(explained.stdout.trim().split('\n')).toHaveLength(2);
  rmSync(join(machine.root, 'var/lib/extensions/broken.raw'));
  expect((await machine.call('--mutable=ephemeral merge')).status).toBe(0);
  expect(await verdicts('writable /usr = yes', 'writable /usr/bin = yes')).toEqual(
    all('holds', 'writable /usr = yes', 'writable /usr/bin = yes'),
  );
});

test('assertions from a file and from standard input', async () => {
  const list = join(machine.directory, 'list');
  writeFileSync(list, '# what must be\nmerged foo\n\nnot-merged bar\n');
  expect((await machine.call('merge')).status).toBe(0);
  const said = readExpected((await call('merged host', `--file=${list}`, '--json=short')).stdout);
  expect(said.assertions.map(({ file: from, line }) => [from, line])).toEqual([
    [null, null],
    [list, 2],
    [list, 4],
  ]);
  const piped = await machine.namespace.run(
    [...programCommand(), `--root=${machine.root}`, 'expect', '--file=-'],
    { env: ENVIRONMENT, input: 'merged foo\nmerged bar\n' },
  );
  expect(piped).toMatchObject({ status: 1, stdout: expect.stringContaining('1 of 2 holds, 1 does not.') });
  expect(await call(`--file=${list}x`)).toMatchObject({ status: 2, stdout: '' });
});

test('commands run without a shell, and end in time', async () => {
  const run = async (...words: string[]) => {
    const { stdout, stderr } = await machine.call(['expect', ...words, '--json=short'], { root: null });
    expect(stderr).toBe('');
    return readExpected(stdout).assertions.map(({ verdict, found }) => [verdict, found] as const);
  };
  const program = join(machine.directory, 'program');
  const script = join(machine.directory, 'script');
  buildTree(machine.directory, {
    program: '#!/bin/sh\n',
    script: file('#!/nowhere/sh\n', { mode: 0o755 }),
  });
  const shell = `"sh -c 'echo \${0} said >&2; exit 3'"`;
  const found = await run(
    'command sh',
    'command true works',
    'command "test $HOME = $HOME" works',
    'command "sleep 100" works within 0.2',
    `command ${shell} works`,
    'command no-such-program',
    `command ${program}`,
    `command ${script} works`,
    `command 'sh -c "kill -9 \${PPID}x; kill -9 $$"' works`,
  );
  expect(found.map(([verdict]) => verdict)).toEqual([...Array(3).fill('holds'), ...Array(6).fill('fails')]);
  expect(found[3]![1]).toContain('had not ended after 0.2 s');
  expect(found[4]![1]).toContain('ended with exit status 3: sh said');
  expect(found[5]![1]).toContain("there is no program 'no-such-program' in PATH");
  expect(found[6]![1]).toContain('cannot be executed');
  expect(found[7]![1]).toContain('could not be started');
  expect(found[8]![1]).toContain('was killed by SIGKILL');
});

test('what cannot be told, or understood, has an exit status of its own', async () => {
  expect(await call('command sh', 'unit foo active', 'unit a/b active')).toMatchObject({
    status: 2,
    stdout: expect.stringContaining('CANNOT BE TOLD: unit foo active\n'),
  });
  expect(await call('command sh', 'merged foo')).toMatchObject({ status: 1 });
  expect(await call('merged', 'foo')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('Each assertion is one argument: put it into quotes.'),
  });
  expect(await call()).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('nothing to look for'),
  });
  expect(await machine.call('status --file=x')).toMatchObject({ status: 1 });
  expect(await machine.call(['expect', 'merged foo', '--format=sarif'])).toMatchObject({ status: 1 });
});
