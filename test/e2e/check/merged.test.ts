import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckedJson, readChecked } from '../../support/check-schema.js';
import { provide } from '../../support/debian.js';
import { confext, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { directory, file, symlink, type Tree } from '../../support/tree.js';

const UNITS = 'usr/lib/systemd/system';
const program = file('#!/bin/sh\n', { mode: 0o755 });
const unit = (path: string) => `[Service]\nExecStart=${path}\n`;

/** Much of this can only be told of a host that does not have it yet. */
const FILES: Tree = {
  'usr/share/closed': directory({ mode: 0o700 }),
  'usr/share/plain': 'a file here, a directory on the host',
  'usr/bin/lent': symlink('other'),
  [`${UNITS}/own.service`]: unit('/usr/local/bin/local'),
  [`${UNITS}/lent.service`]: unit('/usr/bin/other'),
  [`${UNITS}/written.service`]: unit('/usr/bin/written'),
};

const TREE: Tree = {
  ...HOST,
  'bin/sh': program,
  'usr/local/bin': directory(),
  'usr/share/closed': directory(),
  'usr/share/plain': directory(),
  'var/lib/extensions.mutable/usr': directory(),
  'etc/plain': directory(),
  ...extension('needy', { files: FILES }),
  ...extension('other', { files: { 'usr/bin/other': program } }),
  // A name that mount(8) and overlayfs read in their own ways.
  ...extension('odd', { as: 'odd:,\\', release: null }),
  ...confext('conf', { files: { 'etc/plain': 'a file' } }),
};

/** Where a finding is that only a host without the image has. */
const OWN = ['closed-directory /usr/share/closed', 'type-conflict /usr/share/plain'];
const LENT = [`dangling-symlink /usr/bin/lent`, `exec-missing /${UNITS}/lent.service`];
const LOCAL = `exec-missing /${UNITS}/own.service`;
const WRITTEN = `exec-missing /${UNITS}/written.service`;

let machine: Machine;
let temporary: string;
beforeEach(async () => {
  machine = await Machine.open({ tree: TREE });
  temporary = join(machine.directory, 'temporary');
  mkdirSync(temporary);
  await machine.namespace.must(['chmod', 'a+rwx', temporary, machine.directory]);
});
afterEach(() => machine.close());

interface By {
  readonly by?: readonly string[];
  readonly as?: 'sysext' | 'confext';
}

/** Has the program check; nothing of it stays. */
async function check(words: readonly string[], { by = [], as = 'sysext' }: By = {}): Promise<Finished> {
  const before = machine.state();
  const command = [...by, ...programCommand(as), `--root=${machine.root}`, 'check', ...words];
  const finished = await machine.namespace.run(command, { env: { ...ENVIRONMENT, TMPDIR: temporary } });
  await machine.expectState(before);
  return finished;
}

async function asJson(words: readonly string[], options: By = {}): Promise<CheckedJson['images']> {
  const { stdout, stderr } = await check([...words, '--json=short'], options);
  expect(stderr).toBe('');
  return readChecked(stdout).images;
}

const told = ({ findings }: CheckedJson['images'][number]) =>
  findings
    .filter(({ code }) => code !== 'unit-not-started' && code !== 'no-manager-reload')
    .map(({ code, path }) => `${code} ${path}`)
    .sort();

const findings = async (words: readonly string[], options: By = {}) =>
  (await asJson(words, options)).map(told);

async function call(...words: string[]): Promise<void> {
  expect(await machine.call(words)).toMatchObject({ status: 0 });
}

test('what is found of an image does not depend on whether it is merged', async () => {
  const before = await asJson(['needy']);
  expect(before.map(told)).toEqual([[...OWN, ...LENT, LOCAL, WRITTEN].sort()]);
  await call('merge', 'needy');
  expect(await asJson(['needy'])).toEqual(before);
  // A version to come of what is merged.
  const next = join(machine.root, 'var/lib/extensions/needy');
  expect(await asJson([next])).toEqual(before.map((one) => ({ ...one, against: expect.anything() })));
  const text = await check(['needy']);
  expect(text.stdout).toContain(`It was checked against '${machine.root}/usr/lib/os-release'`);
  expect(text.stdout).not.toContain('merged host');
});

test('what else is merged counts as the host, and so does what is written and mounted there', async () => {
  await call('merge', 'needy', 'other', '--mutable=yes');
  await machine.namespace.must(['mount', '-t', 'tmpfs', 'local', join(machine.root, 'usr/local')]);
  await machine.namespace.must(['mkdir', join(machine.root, 'usr/local/bin')]);
  expect(await findings(['needy'])).toEqual([[...OWN, LOCAL, WRITTEN].sort()]);
  for (const path of ['usr/local/bin/local', 'usr/bin/written'])
    writeFileSync(machine.at(path), '#!/bin/sh\n', { mode: 0o755 });
  expect(await findings(['needy'])).toEqual([OWN]);
  // Each of several is taken off for itself only.
  const [needy, other] = await findings(['needy', 'other']);
  expect({ needy, other }).toEqual({ needy: OWN, other: [] });
});

test('an extension of the other class, and one that is called as no option of a mount may be', async () => {
  const before = await findings(['conf'], { as: 'confext' });
  expect(before).toEqual([['type-conflict /etc/plain']]);
  expect(await machine.call('merge', { as: 'confext' })).toMatchObject({ status: 0 });
  expect(await findings(['conf'], { as: 'confext' })).toEqual(before);
  await call('merge', '--force');
  expect(machine.read('usr/.systemd-sysext/extensions')).toBe('needy\nodd:,\\\nother\n');
  expect(await findings(['needy'])).toEqual([[...OWN, LOCAL, WRITTEN].sort()]);
});

test('where nobody can look below the merge, that is said in a line', async () => {
  await call('merge', 'needy', 'other');
  const user =
    process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const text = await check(['needy', 'other'], { by: user });
  if (user.length === 0) return;
  const line =
    /^ {2}It is merged now, and was compared with the merged host, where its own files are: what lies under a merge is only shown to root; run this as root\.$/gm;
  expect(text.stdout.match(line)).toHaveLength(2);
  const [needy] = await asJson(['needy'], { by: user });
  expect(needy!.against).toMatchObject({
    root: machine.root,
    caveat: expect.stringMatching(/^It is merged/),
  });
  for (const format of ['sarif', 'github'])
    expect((await check(['needy', `--format=${format}`], { by: user })).stdout).toContain(
      'compared with the merged host',
    );
});

test('what else is merged and is gone is named', async () => {
  await call('merge', 'needy', 'other');
  await machine.namespace.must(['mv', join(machine.root, 'var/lib/extensions/other'), temporary]);
  const { stdout } = await check(['needy']);
  expect(stdout).toContain(
    "  The host was taken without 'other', which is merged as well: it is not there any more, or is something else now; refresh to have what is installed.\n",
  );
});

test('an image that is packed anew is not compared with the one of its name that is merged', async () => {
  const words = [
    'pack',
    join(machine.root, 'var/lib/extensions/needy'),
    '--format=directory',
    '--json=short',
  ];
  const pack = async (where: string) => {
    const output = join(machine.directory, where, 'needy');
    mkdirSync(join(machine.directory, where));
    const { stdout } = await machine.call([...words, `--output=${output}`, '--id=_any']);
    return readChecked(stdout).images.map(told);
  };
  const before = await pack('before');
  expect(before[0]).toEqual(expect.arrayContaining(OWN));
  await call('merge', 'needy');
  expect(await pack('after')).toEqual(before);
});

const missing =
  process.getuid?.() === 0 ? provide({ mksquashfs: 'squashfs-tools' }) : 'only root mounts images';
(missing === null ? test : test.skip)('disk images', async () => {
  machine.addImage('squashfs', 'run/extensions/image.raw', sysextTree('image', { files: FILES }));
  machine.addImage(
    'squashfs',
    'run/extensions/lender.raw',
    sysextTree('lender', { files: { 'usr/bin/other': program } }),
  );
  const before = await asJson(['image', 'lender']);
  expect(before.map(told)).toEqual([[...OWN, ...LENT, LOCAL, WRITTEN].sort(), []]);
  await call('merge', 'image');
  expect(await asJson(['image', 'lender'])).toEqual(before);
  await call('refresh', 'image', 'lender');
  expect(await findings(['image', 'lender'])).toEqual([[...OWN, LOCAL, WRITTEN].sort(), []]);
});
