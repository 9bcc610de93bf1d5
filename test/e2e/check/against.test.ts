import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith } from '../../support/outcome.js';
import { readAgainst } from '../../support/schema.js';
import { directory, symlink } from '../../support/tree.js';

let machine: Machine;
beforeAll(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      ...extension('any'),
      ...extension('old', { release: 'ID=debian\nVERSION_ID=13\n' }),
      ...extension('new', { release: 'ID=debian\nVERSION_ID=14\n' }),
      ...extension('foreign', { release: 'ID=fedora\n' }),
      ...extension('off', { release: 'ID=debian\nVERSION_ID=13\n' }),
      'etc/extensions/off': directory(),
      'next/etc/os-release': symlink('../usr/lib/os-release'),
      'next/usr/lib/os-release': 'ID=debian\nVERSION_ID=14\n',
      'same/usr/lib/os-release': 'ID=debian\nVERSION_ID=13\n',
      'empty/usr': directory(),
    },
  });
});
afterAll(() => machine.close());

const against = (...words: string[]) => machine.call(['check', ...words]);
const at = (path: string) => `--against=${join(machine.root, path)}`;

test('what drops out, what comes in, what stays in or out; what is switched off is nobody’s concern', async () => {
  const { status, stdout } = await against(at('next'), '--json=short');
  expect(status).toBe(1);
  const { answer, present, systems } = readAgainst(stdout);
  expect({ answer, now: present?.versionId }).toEqual({ answer: 'drops-out', now: '13' });
  expect(Object.fromEntries(systems[0]!.extensions.map(({ name, outcome }) => [name, outcome]))).toEqual({
    any: 'stays',
    old: 'drops-out',
    new: 'comes-in',
    foreign: 'stays-out',
  });
  const old = systems[0]!.extensions.find(({ name }) => name === 'old')!;
  expect(old.problem).toBe('it is for VERSION_ID=13, but the host has VERSION_ID=14');
  expect(old.checks.at(-1)).toMatchObject({
    field: 'VERSION_ID',
    extension: '13',
    host: '14',
    passed: false,
  });
});

test('in words, and for several systems; of a file as of a root', async () => {
  const { status, stdout, stderr } = await against(at('next/usr/lib/os-release'), at('same'));
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/^For .*\/next\/usr\/lib\/os-release \(ID=debian VERSION_ID=14; .*\)\.\n1 of 4 /);
  expect(stdout).toContain(
    "  'old' would drop out: it is for VERSION_ID=13, but the host has VERSION_ID=14.\n    What to do: install a build",
  );
  expect(stdout).toContain("  'new': would be merged, which it is not now.\n");
  expect(stdout).toMatch(
    /\n\nFor .*\/same\/usr\/lib\/os-release .*\nNone of 4 OS extensions would drop out\.\n/,
  );
});

test('the exit status is 0 where nothing drops out', async () => {
  expect(await against(at('same'))).toMatchObject({ status: 0, stderr: '' });
  expect(await against('any', at('next'))).toMatchObject({ status: 0 });
});

test('annotations', async () => {
  const { status, stdout } = await against(at('next'), '--format=github');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^::error file=.*\/old,title=old%3A drops-out::With .* it would drop out: /m);
  expect(stdout).not.toContain('/extensions/any,');
});

test('what cannot be told, or asked', async () => {
  const told = async (words: string[], status: number) => {
    const finished = await against(...words);
    expect(finished.status).toBe(status);
    return failedWith({ ...finished, status: 1 });
  };
  expect(await told([at('nothing')], 2)).toMatch(/^Failed to read '.*\/nothing': no such file/);
  expect(await told([at('empty')], 2)).toMatch(/^No os-release file: /);
  expect(await told([at('next'), '--format=sarif'], 1)).toMatch(/there is no --format=sarif/);
  expect(await told(['--against='], 1)).toMatch(/needs a value: --against=PATH/);
  expect(await told([], 1)).toBe("Command verb 'check' needs an argument: IMAGE; or --against=.");
  // An image that keeps all others out keeps them out there, too.
  writeFileSync(join(machine.root, 'var/lib/extensions/broken.raw'), 'no image');
  const { status, stdout } = await against(at('same'));
  expect(status).toBe(1);
  expect(stdout).toContain("'broken' cannot be used, and as long as it is there nothing is merged: ");
});
