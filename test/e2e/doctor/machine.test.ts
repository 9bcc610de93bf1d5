import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../support/busybox.js';
import { findCommand } from '../../support/debian.js';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failed, succeeded } from '../../support/outcome.js';
import { isStandalone } from '../../support/program.js';
import { buildTree, directory, symlink } from '../../support/tree.js';
import { check, checksThatAre, diagnose, diagnoseBy, doctor } from './diagnose.js';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST, ...extension('a', { files: { 'opt/a': 'a\n' } }) } });
});
afterEach(() => machine.close());

/** A `PATH` with some programs of util-linux only; those with another file behind them are given by that. */
function pathWith(programs: Readonly<Record<string, string>>): string {
  const bin = join(machine.directory, 'bin');
  mkdirSync(bin);
  for (const [name, file] of Object.entries(programs))
    symlinkSync(findCommand(file) ?? file, join(bin, name));
  return bin;
}

test('a machine that is fit: directories are merged there', async () => {
  const found = await diagnose(machine, 0);
  expect(checksThatAre('missing', found)).toEqual([]);
  expect(checksThatAre('untold', found)).toEqual([]);
  expect(found).toMatchObject({ leftovers: [], atWork: null, untold: [], mended: null });
  expect(check(found, 'overlay', '/usr').found).toBe('one was mounted to try it');
  expect(check(found, 'os-release')).toMatchObject({
    subject: `${machine.root}/usr/lib/os-release`,
    found: expect.stringContaining('ID=debian, VERSION_ID=13'),
  });
  const { status, stdout } = await doctor(machine);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Directories can be merged here\.\n/);
  expect(stdout).toMatch(/^overlay over \/usr +directories +fine +one was mounted to try it$/m);
  expect(stdout).toMatch(/\nNothing is left of killed calls\.\n$/);
  succeeded(await machine.call('merge'));
  const merged = await diagnose(machine, 0);
  expect(check(merged, 'overlay', '/usr').found).toBe('it is merged at this moment');
});

test('without mount and losetup: what they are for, and the packages', async () => {
  const env = { PATH: pathWith({ umount: 'umount', flock: 'flock', unshare: 'unshare' }) };
  const found = await diagnose(machine, 1, '', { env });
  expect(checksThatAre('missing', found)).toEqual(['program mount']);
  expect(checksThatAre('untold', found)).toEqual(['overlay /usr', 'overlay /opt']);
  expect(check(found, 'program', 'losetup')).toMatchObject({
    verdict: 'missing',
    feature: 'protected-images',
  });
  const { remedy, advice } = check(found, 'program', 'mount');
  expect(remedy ?? advice).toMatch(/^(apt-get|dnf|apk|pacman|zypper)? ?(install|add|-S) (mount|util-linux)$/);
  expect((await doctor(machine, '', { env })).stdout).toMatch(
    /^Nothing can be merged here: see mount\(8\)\.\n/,
  );
});

const busybox = findBusybox();
(busybox === null ? test.skip : test)('mount and umount of busybox are enough, without flock', async () => {
  const env = {
    PATH: pathWith({ mount: busybox!, umount: busybox!, unshare: busybox!, losetup: busybox! }),
  };
  const found = await diagnose(machine, 0, '', { env });
  expect(checksThatAre('missing', found)).toEqual([]);
  expect(check(found, 'program', 'mount').found).toMatch(/^that of busybox 1\.\d+/);
  expect(check(found, 'program', 'flock').found).toContain('not needed');
  expect(check(found, 'overlay', '/usr').found).toBe('one was mounted to try it');
  const before = machine.state();
  // By system calls as far as there is a way, and by nothing but the programs.
  for (const more of [{}, { SYSEXT_PREFER_PROGRAMS: '1' }]) {
    const settings = { env: { ...env, ...more } };
    succeeded(await machine.call('merge', settings));
    succeeded(await machine.call('--mutable=ephemeral refresh', settings));
    succeeded(await machine.call('unmerge', settings));
    await machine.expectState(before);
  }
});

test("programs that only some commands call are listed, with their packages, and are nobody's fault", async () => {
  const bin = pathWith({ mount: 'mount', umount: 'umount', flock: 'flock', unshare: 'unshare' });
  symlinkSync('/bin/true', join(bin, 'mksquashfs'));
  const found = await diagnose(machine, 0, '', { env: { PATH: bin } });
  const there = found.tools.filter(({ path }) => path !== null);
  expect(there).toMatchObject([
    {
      program: 'mksquashfs',
      commands: ['pack'],
      debianPackage: 'squashfs-tools',
      path: join(bin, 'mksquashfs'),
    },
  ]);
  for (const program of ['mkfs.erofs', 'openssl', 'apt-get', 'squashfuse', 'erofsfuse', 'gpgv'])
    expect(found.tools.map((tool) => tool.program)).toContain(program);
  const { stdout } = await doctor(machine, '', { env: { PATH: bin } });
  expect(stdout).toContain('\nOnly needed for some commands, and not for merging:\n');
  expect(stdout).toMatch(
    /^ {2}mksquashfs\(1\) +pack +makes squashfs images +squashfs-tools +\/.*\/mksquashfs$/m,
  );
  expect(stdout).toMatch(/^ {2}erofsfuse\(1\) +run +.* erofsfuse +not in PATH$/m);
});

test('a read-only /run is warned of; merging goes on', async () => {
  await machine.namespace.must(['mount', '-o', 'remount,ro', '/run']);
  const found = await diagnose(machine, 0);
  expect(checksThatAre('warning', found)).toEqual([expect.stringMatching(/^state-directory .*\/sysext-/)]);
  expect(check(found, 'state-directory').remedy).toBe('mount -o remount,rw /run');
  succeeded(await machine.call('merge'));
});

// The runtime of the executable does not start without /proc.
(isStandalone() ? test.skip : test)(
  'without /proc it says so, and does not claim to know what is only known from there',
  async () => {
    const by = ['unshare', '--mount', 'sh', '-c', 'umount --lazy /proc && exec "$@"', 'sh'];
    const found = await diagnoseBy(machine, by, 1);
    expect(checksThatAre('missing', found)).toEqual(['mount-table']);
    expect(check(found, 'mount-table').remedy).toBe('mount -t proc proc /proc');
    expect(checksThatAre('untold', found)).toEqual(['overlay /usr', 'overlay /opt']);
    expect(check(found, 'file-system', 'erofs').verdict).toBe('untold');
  },
);

test('a root that is an overlay is fit; one that is an overlay on an overlay is not', async () => {
  const stack = async (name: string) => {
    const lower = join('/run', name);
    await machine.namespace.must(['mkdir', lower]);
    const options = `lowerdir=${lower}:${machine.root}`;
    await machine.namespace.must(['mount', '-t', 'overlay', '-o', options, 'x', machine.root]);
  };
  await stack('first');
  const found = await diagnose(machine, 0);
  expect(check(found, 'overlay', '/opt').found).toContain('it is the second');
  await stack('second');
  const deeper = await diagnose(machine, 1);
  expect(checksThatAre('missing', deeper)).toEqual(['overlay /usr', 'overlay /opt']);
  expect(check(deeper, 'overlay', '/usr').found).toMatch(
    /is on an overlay itself, and the kernel stacks only two/,
  );
  expect(failed(await machine.call('merge --log-level=err')).join()).toContain(
    `'${machine.root}/usr', '${machine.root}/var/lib/extensions' are on overlays themselves`,
  );
});

test('another root: its hierarchies, its release file, its search directories', async () => {
  rmSync(join(machine.root, 'usr/lib/os-release'));
  rmSync(join(machine.root, 'opt'), { recursive: true });
  buildTree(machine.root, {
    opt: 'a file\n',
    'etc/extensions': symlink('/usr/bin/host'),
    'run/extensions': directory(),
  });
  mkdirSync(join(machine.root, 'etc/verity.d'));
  writeFileSync(join(machine.root, 'etc/verity.d/bad.crt'), 'nothing\n');
  const found = await diagnose(machine, 1);
  expect(checksThatAre('missing', found)).toEqual([
    `os-release ${machine.root}/etc/os-release`,
    'hierarchy /opt',
  ]);
  expect(checksThatAre('warning', found)).toEqual([`search-directory ${machine.root}/etc/extensions`]);
  expect(found.checks.filter(({ code }) => code === 'overlay').map(({ subject }) => subject)).toEqual([
    '/usr',
  ]);
  expect(check(found, 'certificate', `${machine.root}/etc/verity.d/bad.crt`).verdict).toBe('warning');
  // What another root has nothing to do with.
  expect(found.checks.map(({ code }) => code)).not.toContain('service-manager');
});

test('configuration extensions', async () => {
  buildTree(machine.root, { ...confext('c'), 'etc/x': '' });
  const found = await diagnose(machine, 0, '', { as: 'confext' });
  const hierarchies = found.checks.filter(({ code }) => code === 'hierarchy');
  expect(hierarchies.map(({ subject }) => subject)).toEqual(['/etc']);
  expect(checksThatAre('fine', found)).toContain(`search-directory ${machine.root}/var/lib/confexts`);
});

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

asRoot('an ordinary user is told what could be told, and in a user namespace more', async () => {
  await machine.namespace.must(['chown', '--recursive', '65534:65534', machine.directory]);
  chmodSync(machine.directory, 0o755);
  await machine.namespace.must(['mkdir', '--mode=0700', '--parents', '/run/systemd/sysext']);
  const before = machine.state();
  const ordinary = await diagnoseBy(machine, NOBODY, 2);
  expect(checksThatAre('untold', ordinary)).toEqual(['privileges', 'overlay /usr', 'overlay /opt']);
  expect(checksThatAre('missing', ordinary)).toEqual([]);
  expect(ordinary.untold).toEqual(['/run/systemd/sysext']);
  const by = [...NOBODY, 'unshare', '--user', '--map-root-user', '--mount'];
  const mapped = await diagnoseBy(machine, by, 0);
  expect(checksThatAre('untold', mapped)).toEqual([]);
  expect(mapped.machine).toMatchObject({ userNamespace: true });
  expect(check(mapped, 'loop-devices').verdict).toBe('missing');
  expect(check(mapped, 'overlay', '/usr').verdict).toBe('fine');
  await machine.expectState(before);
});

asRoot('root without the right to mount', async () => {
  const found = await diagnoseBy(
    machine,
    ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'],
    1,
  );
  expect(checksThatAre('missing', found)).toEqual(['privileges']);
});
