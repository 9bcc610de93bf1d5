import { readdirSync } from 'node:fs';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { below, directory, type Tree } from '../../support/tree.js';
import { callAllVerbs } from './all-verbs.js';

/** What an image would have removed, were it asked: named as a work directory is, but somebody else's. */
const VICTIMS: Tree = {
  'home/.systemd-usr-workdir/precious': 'precious\n',
  'home/.systemd-etc-workdir/precious': 'precious\n',
};

/** A metadata directory as an image could bring it along. */
const forged = (hierarchy: string, name: string): Tree =>
  below(`${hierarchy}/.systemd-${name}`, {
    work_dir: `home/.systemd-${hierarchy}-workdir\n`,
    backing: '8:1\n',
    dev: '0:1\n',
    origin: '{"mutable":{"mode":"yes"},"extensions":{"\x1b[2J":1}}',
    extensions: 'forged\x1b[2J\n',
    confexts: 'forged\x1b[2J\n',
    more: 'x',
  });

const TREE: Tree = {
  ...HOST,
  ...VICTIMS,
  'etc/host': 'host\n',
  ...extension('good', { files: { 'opt/good': 'good\n' } }),
  ...extension('forged', {
    files: { ...forged('usr', 'sysext'), ...forged('usr', 'confext'), 'opt/x': 'x' },
  }),
  ...confext('forged', { files: { ...forged('etc', 'confext'), 'etc/x': 'x' } }),
};

/** By the real program and by the script of plan. */
const MERGES = ['the program', 'a script of plan'] as const;

test.each(MERGES)('metadata in an image counts for nothing, and has nothing removed (%s)', async (by) => {
  await onMachine({ tree: TREE }, async (machine) => {
    const merge = async (as: 'sysext' | 'confext'): Promise<void> => {
      if (by === 'the program') succeeded(await machine.call('merge', { as }));
      else {
        const { stdout } = succeeded(await machine.call('plan merge --format=sh', { as }));
        await machine.namespace.must(['sh', '-c', stdout]);
      }
    };
    const before = machine.state();
    for (const as of ['sysext', 'confext'] as const) {
      await merge(as);
      const { stdout } = succeeded(await machine.call('status --json=short', { as }));
      const row = (JSON.parse(stdout) as { hierarchy: string; extensions: string[] }[]).at(-1)!;
      expect(row.extensions).toEqual(as === 'sysext' ? ['forged', 'good'] : ['forged']);
      const place = as === 'sysext' ? 'usr/.systemd-sysext' : 'etc/.systemd-confext';
      expect(readdirSync(machine.at(place))).not.toContain('work_dir');
      if (by === 'the program')
        expect(succeeded(await machine.call('refresh', { as })).stderr).toContain('no change');
      succeeded(await machine.call('refresh --always-refresh=yes', { as }));
      succeeded(await machine.call('unmerge', { as }));
    }
    await machine.expectState(before);
    expect(machine.read('home/.systemd-usr-workdir/precious')).toBe('precious\n');
  });
});

test('nor does that of a host which is a copy of a merged tree, and writable merges keep what is theirs', async () => {
  const tree = { ...TREE, ...forged('usr', 'sysext') };
  await onMachine({ tree }, async (machine) => {
    await callAllVerbs(machine, ['forged']);
    const before = machine.state();
    for (const mode of ['yes', 'ephemeral', 'import', 'auto']) {
      succeeded(await machine.call(`merge --mutable=${mode}`));
      const names = readdirSync(machine.at('usr/.systemd-sysext'));
      expect(names.includes('work_dir')).toBe(mode === 'yes' || mode === 'auto');
      succeeded(await machine.call('unmerge'));
      expect(machine.read('home/.systemd-usr-workdir/precious')).toBe('precious\n');
    }
    succeeded(await machine.call('merge --mutable=yes'));
    succeeded(await machine.call('unmerge'));
    expect(machine.state().mounts).toEqual(before.mounts);
  });
}, 120_000);

test('a directory named like that of the other class is a directory like any other', async () => {
  const tree = { ...TREE, 'etc/.systemd-sysext/x': 'x', 'usr/.systemd-confext': directory() };
  await onMachine({ tree }, async (machine) => {
    const { stdout } = succeeded(await machine.call('status --json=short', { as: 'confext' }));
    expect(JSON.parse(stdout)).toMatchObject([{ hierarchy: '/etc', extensions: [], since: null }]);
  });
});
