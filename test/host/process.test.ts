import { closeSync, mkdtempSync, openSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CommandFailedError, CommandMissingError, mustRun, runCommand } from '../../src/host/process.js';
import { anyText } from '../support/text.js';
import { buildTree, file } from '../support/tree.js';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'process-')));
});
afterEach(() => rmSync(base, { recursive: true }));

/** printf(1) repeats the format for each argument. */
function echo(words: readonly string[]): string[] {
  return runCommand(['printf', '%s\\0', ...words])
    .stdout.split('\0')
    .slice(0, -1);
}

test.each([
  '$(touch x)',
  '`touch x`',
  '; touch x',
  'a\ntouch x',
  '| touch x',
  '$HOME',
  '*',
  '"',
  "'",
  '\\',
  '&',
  '-n',
  '',
])('a shell never sees %j', (word) => {
  expect(echo([word, 'next'])).toEqual([word, 'next']);
  expect(runCommand(['ls'], { cwd: base }).stdout).toBe('');
});

test('any argument arrives as it is', () => {
  const word = anyText().filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 50 }), (words) => {
      expect(echo(words)).toEqual(words);
    }),
    { numRuns: 5 },
  );
});

test('a program is a file, not a line for a shell', () => {
  expect(() => runCommand(['true; true'])).toThrow(CommandMissingError);
  expect(() => runCommand(['$(echo true)'])).toThrow(CommandMissingError);
});

test.each([0, 1, 3, 127, 255])('exit status %i is a value', (status) => {
  const result = runCommand(['sh', '-c', `echo out; echo err >&2; exit ${status}`]);
  expect(result).toEqual({
    command: ['sh', '-c', `echo out; echo err >&2; exit ${status}`],
    status,
    signal: null,
    stdout: 'out\n',
    stderr: 'err\n',
  });
});

test.each(['SIGTERM', 'SIGKILL', 'SIGINT'])('so is %s', (signal) => {
  const result = runCommand(['sh', '-c', `kill -${signal.slice(3)} $$`]);
  expect([result.status, result.signal]).toEqual([null, signal]);
});

test('a program that is not there', () => {
  const run = () => runCommand(['no-such-program-anywhere']);
  expect(run).toThrow(CommandMissingError);
  expect(run).toThrow(
    expect.objectContaining({
      command: 'no-such-program-anywhere',
      cause: expect.objectContaining({ code: expect.stringMatching(/^(ENOENT|EACCES)$/) }),
    }),
  );
});

test('a program that may not be executed', () => {
  buildTree(base, { 'not-a-program': file('#!/bin/sh\n', { mode: 0o644 }) });
  const run = () => runCommand([join(base, 'not-a-program')]);
  expect(run).toThrow(CommandMissingError);
  expect(run).toThrow(expect.objectContaining({ cause: expect.objectContaining({ code: 'EACCES' }) }));
});

describe('the environment', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
    delete process.env['SYSEXT_TEST'];
  });

  test('has what is needed and nothing else', () => {
    process.env['SYSEXT_TEST'] = 'x';
    const names = runCommand(['env']).stdout.match(/^\w+(?==)/gm);
    expect(names?.sort()).toEqual(['LC_ALL', 'LIBMOUNT_FORCE_MOUNT2', 'PATH']);
  });

  test('messages are in English', () => {
    process.env['LC_ALL'] = 'de_DE.UTF-8';
    expect(runCommand(['ls', '/no-such-file']).stderr).toMatch(/No such file or directory/);
  });

  test.each(['', undefined])('PATH %j gives way to the usual places', (value) => {
    if (value === undefined) delete process.env['PATH'];
    else process.env['PATH'] = value;
    expect(runCommand(['sh', '-c', 'echo "$PATH"']).stdout).toBe(
      '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n',
    );
  });

  test('PATH is where programs are looked for', () => {
    buildTree(base, { 'my-program': file('#!/bin/sh\necho mine\n', { mode: 0o755 }) });
    process.env['PATH'] = `${base}:${path}`;
    expect(runCommand(['my-program']).stdout).toBe('mine\n');
  });
});

test('standard input is empty', () => {
  expect(runCommand(['cat']).stdout).toBe('');
});

test('the working directory', () => {
  expect(runCommand(['pwd'], { cwd: base }).stdout).toBe(`${base}\n`);
});

test('open files become descriptors 3 and 4, and no other is passed on', () => {
  buildTree(base, { a: 'first\n', b: 'second\n' });
  const files = ['a', 'b'].map((name) => openSync(join(base, name), 'r'));
  try {
    expect(runCommand(['sh', '-c', 'cat <&4; cat <&3'], { descriptors: files }).stdout).toBe(
      'second\nfirst\n',
    );
    const count = ['sh', '-c', 'ls /proc/$$/fd'];
    const usual = runCommand(count).stdout.split('\n');
    const more = runCommand(count, { descriptors: files }).stdout.split('\n');
    expect(more.filter((name) => !usual.includes(name))).toEqual(['3', '4']);
    expect(runCommand(['sh', '-c', 'cat <&3']).status).not.toBe(0);
  } finally {
    files.map(closeSync);
  }
});

test('output of any length arrives whole', () => {
  const result = runCommand(['head', '-c', '2000000', '/dev/zero']);
  expect([result.status, result.signal, result.stdout.length]).toEqual([0, null, 2_000_000]);
});

test.each([
  ['echo one >&2; echo two >&2; exit 3', 'sh failed: one'],
  ['exit 3', 'sh failed: exit status 3'],
  ['kill -KILL $$', 'sh failed: killed by SIGKILL'],
])('mustRun: %s', (script, message) => {
  const run = () => mustRun(['sh', '-c', script]);
  expect(run).toThrow(CommandFailedError);
  expect(run).toThrow(message);
});

test('mustRun of a program that succeeds', () => {
  expect(mustRun(['echo', 'x']).stdout).toBe('x\n');
});
