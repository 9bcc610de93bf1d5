import { provide } from '../../support/debian.js';
import { quote } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { type CallOptions, Machine } from '../../support/machine.js';
import { failedWith } from '../../support/outcome.js';
import { programCommand } from '../../support/program.js';
import { directory } from '../../support/tree.js';

const missing = provide({ strace: 'strace', mksquashfs: 'squashfs-tools' });

/** Left out where it takes root, or a tool that is not to be had. */
export const testAsRoot = process.getuid?.() === 0 && missing === null ? test : test.skip;

/** A machine with an extension, to be made odd by a test. */
export async function openMachine(): Promise<Machine> {
  const machine = await Machine.open({
    tree: { ...HOST, 'usr/remote': directory(), ...extension('a', { files: { 'opt/a': 'a\n' } }) },
  });
  await machine.namespace.must(['mkdir', '/run/systemd']);
  return machine;
}

/** Runs a script in its namespace. @param words `$1`, `$2`, … */
export const script = (machine: Machine, text: string, ...words: string[]): Promise<string> =>
  machine.namespace.must(['sh', '-ec', text, 'sh', ...words]);

/** Expects that a call fails in one line and changes nothing. */
export async function failsWith(
  machine: Machine,
  says: RegExp,
  words = 'merge',
  options: CallOptions = {},
): Promise<void> {
  const before = machine.state();
  expect(failedWith(await machine.call(`${words} --log-level=warning`, options))).toMatch(says);
  await machine.expectState(before);
}

/** The command line under test, for a shell. */
export const sysext = (machine: Machine, verb: string): string =>
  [...programCommand(), `--root=${machine.root}`, ...verb.split(' ')].map(quote).join(' ');
