import { lstatSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { keyOf, SYSTEM_DIRECTORY } from '../../../src/mount/state-directory.js';
import { hang, killAfter } from '../../support/fault.js';
import { extension, HOST } from '../../support/fixtures.js';
import { Machine, type State } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { FIXED_TIME } from '../../support/tree.js';
import { diagnose, doctor, temporaryOf } from './diagnose.js';

let machine: Machine;
let before: State;
beforeEach(async () => {
  const files = { 'opt/a': 'a\n', 'usr/share/a': 'a\n' };
  machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files }) } });
  // As on a machine with systemd.
  await machine.namespace.must(['mkdir', '/run/systemd']);
  before = machine.state();
});
afterEach(() => machine.close());

/** A merge that is killed when the first of two hierarchies is shown. */
async function killMerge(): Promise<void> {
  const faults = machine.faults();
  faults.plan({}, `case "$command $*" in *' rbind '*/root/*) ${killAfter};; esac`);
  expect(await machine.call('merge --mutable=yes', { faults })).toMatchObject({ status: 137 });
}

const place = () => join(SYSTEM_DIRECTORY, keyOf(machine.root));

test('a killed merge is found, undone when it is asked for, and then nothing is left', async () => {
  await killMerge();
  const shown = machine.mounts().map(({ mountPoint }) => mountPoint.slice(machine.root.length));
  expect(shown).toEqual(['/usr', '/usr/.systemd-sysext']);
  const found = await diagnose(machine, 1);
  expect(found.leftovers).toMatchObject([
    { kind: 'workspace', path: place(), phase: 'half-done', hierarchies: ['/usr', '/opt'] },
  ]);
  const { status, stdout } = await doctor(machine);
  expect(status).toBe(1);
  expect(stdout).toContain('Something is left of calls that were killed, see the end.\n');
  expect(stdout).toMatch(
    /is half done, and has to be undone\.\n(.*\n)* +What to do: sysext --root=\S+ doctor --fix\n$/,
  );

  const mended = await doctor(machine, '--fix');
  expect(mended.status).toBe(0);
  expect(mended.stdout).toMatch(
    /^Undid what a call that was killed had left half done at '\/usr', '\/opt', and removed/,
  );
  await machine.expectState(before);
  expect(await diagnose(machine, 0, '--fix')).toMatchObject({ leftovers: [], mended: [] });
});

test('what lies in the state directory without a lock and without a workspace', async () => {
  await killMerge();
  for (const path of [place(), join(machine.root, 'usr')])
    await machine.namespace.must(['umount', '-n', '--lazy', path]);
  const found = await diagnose(machine, 1);
  expect(found.leftovers.filter(({ kind }) => kind === 'trace').map(({ path }) => path)).toEqual([
    `${place()}.lock`,
    place(),
  ]);
  // With the workspace went what told who made the write directories.
  expect(found.leftovers.filter(({ kind }) => kind === 'work-directory')).not.toEqual([]);
  const mended = await diagnose(machine, 0, '--fix');
  expect(mended.mended).toEqual(found.leftovers);
  expect(machine.state().run).toEqual(before.run);
  expect(machine.read('var/lib/extensions.mutable/.systemd-usr-workdir')).toBeNull();
});

test('a work directory is left over only when its overlay is gone, and what is written stays', async () => {
  succeeded(await machine.call('merge --mutable=yes'));
  await machine.namespace.must(['touch', join(machine.root, 'usr/kept')]);
  expect(await diagnose(machine, 0, '--fix')).toMatchObject({ leftovers: [], mended: [] });
  // As after a restart.
  for (const { mountPoint } of machine.mounts().toReversed())
    await machine.namespace.must(['umount', '-n', '--lazy', mountPoint]);
  const { mended } = await diagnose(machine, 0, '--fix');
  expect(mended!.map(({ path }) => basename(path))).toEqual(['.systemd-usr-workdir', '.systemd-opt-workdir']);
  expect(readdirSync(join(machine.root, 'var/lib/extensions.mutable')).sort()).toEqual(['opt', 'usr']);
  expect(machine.read('var/lib/extensions.mutable/usr/kept')).toBe('');
});

test('that of a merge in another mount namespace is in use', async () => {
  const other = await Machine.open();
  try {
    const words = ['merge', '--mutable=yes'];
    succeeded(await other.call(words, { root: machine.root }));
    expect(readdirSync(join(machine.root, 'var/lib/extensions.mutable'))).toContain('.systemd-usr-workdir');
    expect(await diagnose(machine, 0, '--fix')).toMatchObject({ leftovers: [], mended: [] });
  } finally {
    await other.close();
  }
});

test('a call that is at work is left alone', async () => {
  const faults = machine.faults();
  faults.plan({ 4: hang });
  const call = machine.call('merge', { faults });
  await faults.reached(4);
  const { stdout } = await doctor(machine, '--fix');
  expect(stdout).toMatch(/^There was nothing to take away\.\n/);
  expect(stdout).toMatch(/\nAnother call \(process \d+\) is at work on the same root/);
  expect(await diagnose(machine, 0)).toMatchObject({
    leftovers: [],
    atWork: { process: expect.stringMatching(/^\d+$/) },
  });
  await faults.release();
  succeeded(await call);
});

test('directories in which an image was looked at go, if they are old, empty, ours, and nothing is mounted there', async () => {
  const temporary = temporaryOf(machine);
  const make = (name: string) => {
    const path = join(temporary, `sysext-look-${name}`);
    mkdirSync(path);
    return path;
  };
  const [old, young, mounted, full] = [make('old'), make('young'), make('mounted'), make('full')];
  symlinkSync(old, join(temporary, 'sysext-look-link'));
  writeFileSync(join(full, 'file'), 'precious');
  await machine.namespace.must(['mount', '-t', 'tmpfs', 'x', mounted]);
  for (const path of [old, mounted, full]) utimesSync(path, FIXED_TIME, FIXED_TIME);
  await machine.namespace.must(['touch', '--date=@1', mounted]);
  // Nor is it left over what somebody else has put where the workspace would be.
  const script = 'mkdir -m 0700 "$1" "$0"; echo precious >"$0/file"';
  await machine.namespace.must(['sh', '-ec', script, place(), SYSTEM_DIRECTORY]);
  const found = await diagnose(machine, 1);
  expect(found.leftovers).toMatchObject([
    { kind: 'look', path: full },
    { kind: 'look', path: old },
  ]);
  const { leftovers, mended } = await diagnose(machine, 1, '--fix');
  expect([leftovers, mended]).toMatchObject([[{ path: full }], [{ path: old }]]);
  expect(readdirSync(temporary).sort()).toEqual(
    ['full', 'link', 'mounted', 'young'].map((name) => `sysext-look-${name}`),
  );
  expect(lstatSync(young).isDirectory()).toBe(true);
});
