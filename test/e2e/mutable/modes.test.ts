import { existsSync, lstatSync, statSync, writeFileSync } from 'node:fs';
import { extension, HOST } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { directory, symlink, type Tree } from '../../support/tree.js';

const TREE: Tree = { ...HOST, usr: directory({ mode: 0o711 }), ...extension('a') };
const WRITE = 'var/lib/extensions.mutable';
const WORK = `${WRITE}/.systemd-usr-workdir`;

/** Writes a file into the merged /usr. @returns whether that was possible */
function write(machine: Machine, path: string): boolean {
  try {
    writeFileSync(machine.at(path), 'written\n');
    return true;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('EROFS');
    return false;
  }
}

function modeOf(machine: Machine, path: string): number {
  return statSync(machine.at(path)).mode & 0o7777;
}

describe.each([
  { mode: 'no', there: true, writable: false, shows: false, keeps: false },
  { mode: 'yes', there: false, writable: true, shows: false, keeps: true },
  { mode: 'yes', there: true, writable: true, shows: true, keeps: true },
  { mode: 'auto', there: false, writable: false, shows: false, keeps: false },
  { mode: 'auto', there: true, writable: true, shows: true, keeps: true },
  { mode: 'import', there: false, writable: false, shows: false, keeps: false },
  { mode: 'import', there: true, writable: false, shows: true, keeps: false },
  { mode: 'ephemeral', there: true, writable: true, shows: false, keeps: false },
  { mode: 'ephemeral-import', there: true, writable: true, shows: true, keeps: false },
])('--mutable=$mode, write directory there: $there', ({ mode, there, writable, shows, keeps }) => {
  test('what is written goes where the mode says, and the merged root keeps its mode', async () => {
    const written = there
      ? { [`${WRITE}/usr`]: directory({ mode: 0o711 }), [`${WRITE}/usr/before`]: 'x' }
      : {};
    await onMachine({ tree: { ...TREE, ...written } }, async (machine) => {
      const before = machine.state();
      succeeded(await machine.call(`merge --mutable=${mode}`));
      expect(modeOf(machine, 'usr')).toBe(0o711);
      expect(machine.read('usr/share/a')).not.toBeNull();
      expect(machine.read('usr/before') !== null).toBe(shows);
      expect(write(machine, 'usr/new')).toBe(writable);
      expect(existsSync(machine.at(`${WRITE}/usr/new`))).toBe(keeps);
      expect(existsSync(machine.at(WORK))).toBe(keeps);
      // The metadata can never be written to.
      expect(write(machine, 'usr/.systemd-sysext/x')).toBe(false);

      succeeded(await machine.call(`refresh --always-refresh=yes --mutable=${mode}`));
      expect(machine.read('usr/new') !== null).toBe(keeps);
      succeeded(await machine.call('unmerge'));
      expect(machine.read('usr/new')).toBeNull();
      expect(existsSync(machine.at(WORK))).toBe(false);
      expect(existsSync(machine.at(`${WRITE}/.systemd-usr.1-workdir`))).toBe(false);
      expect(machine.state().mounts).toEqual(before.mounts);
      if (!keeps) expect(machine.state().tree).toEqual(before.tree);
    });
  });
});

test('the same setting twice is no change, another one is', async () => {
  await onMachine({ tree: TREE }, async (machine) => {
    succeeded(await machine.call('merge --mutable=ephemeral'));
    expect(write(machine, 'usr/new')).toBe(true);
    expect(succeeded(await machine.call('refresh --mutable=ephemeral')).stderr).toContain(
      'no change was found',
    );
    expect(machine.read('usr/new')).toBe('written\n');
    const { stderr } = succeeded(await machine.call('refresh --mutable=auto --log-level=debug'));
    expect(stderr).toContain('The mutable mode was ephemeral and is auto now.');
    expect(write(machine, 'usr/new')).toBe(false);
  });
});

test('a mode alone merges all hierarchies, without any extension', async () => {
  await onMachine({ tree: { ...HOST } }, async (machine) => {
    const { stderr } = succeeded(await machine.call('merge --mutable=yes'));
    expect(stderr).toContain('No extensions found, proceeding in mutable mode.');
    expect(succeeded(await machine.call('status --json=short')).stdout).toMatch(
      /^\[\{"hierarchy":"\/opt","extensions":\[\],"since":\d+,"images":\[\],"choice":null\},\{"hierarchy":"\/usr","extensions":\[\],"since":\d+,"images":\[\],"choice":null\}\]\n$/,
    );
    expect(write(machine, 'opt/new')).toBe(true);
    succeeded(await machine.call('unmerge'));
    expect(machine.read(`${WRITE}/opt/new`)).toBe('written\n');
  });
});

test('a write directory that is a symlink leads elsewhere, its work directory beside it', async () => {
  const tree = { ...TREE, [`${WRITE}/usr`]: symlink('/data/usr'), 'data/usr': directory({ mode: 0o711 }) };
  await onMachine({ tree }, async (machine) => {
    succeeded(await machine.call('merge --mutable=auto'));
    expect(write(machine, 'usr/new')).toBe(true);
    expect(machine.read('data/usr/new')).toBe('written\n');
    expect(existsSync(machine.at('data/.systemd-usr-workdir'))).toBe(true);
    succeeded(await machine.call('unmerge'));
    expect(existsSync(machine.at('data/.systemd-usr-workdir'))).toBe(false);
  });
});

test('a write directory that is the hierarchy itself writes to the host, below the extensions no more', async () => {
  await onMachine(
    { tree: { ...TREE, [`${WRITE}/usr`]: symlink('/usr'), 'usr/share/a': 'host\n' } },
    async (machine) => {
      succeeded(await machine.call('merge --mutable=auto'));
      expect(machine.read('usr/share/a')).toBe('host\n');
      expect(write(machine, 'usr/new')).toBe(true);
      succeeded(await machine.call('unmerge'));
      expect(machine.read('usr/new')).toBe('written\n');
      expect(existsSync(machine.at('.systemd-usr-workdir'))).toBe(false);
    },
  );
});

test('a dangling symlink is filled by yes and left alone by auto', async () => {
  await onMachine({ tree: { ...TREE, [`${WRITE}/usr`]: symlink('/data/usr') } }, async (machine) => {
    succeeded(await machine.call('merge --mutable=auto'));
    expect(write(machine, 'usr/new')).toBe(false);
    succeeded(await machine.call('unmerge'));
    expect(existsSync(machine.at('data'))).toBe(false);
    succeeded(await machine.call('merge --mutable=yes'));
    expect(write(machine, 'usr/new')).toBe(true);
    expect(machine.read('data/usr/new')).toBe('written\n');
    expect(lstatSync(machine.at('data/usr')).mode & 0o7777).toBe(0o711);
  });
});

test('a nested hierarchy has its name with dots', async () => {
  const tree = { ...HOST, 'usr/local/x': '', ...extension('a', { files: { 'usr/local/y': '' } }) };
  await onMachine({ tree }, async (machine) => {
    succeeded(
      await machine.call('merge --mutable=yes', { env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr/local' } }),
    );
    expect(write(machine, 'usr/local/new')).toBe(true);
    expect(machine.read(`${WRITE}/usr.local/new`)).toBe('written\n');
    succeeded(await machine.call('unmerge', { env: { SYSTEMD_SYSEXT_HIERARCHIES: '/usr/local' } }));
  });
});
