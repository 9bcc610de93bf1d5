import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { type Machine, onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { device, directory, file, opaqueDirectory, whiteout } from '../../support/tree.js';
import { callAllVerbs, expectHarmless } from './all-verbs.js';

const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? test : test.skip;

/** Runs shell code in the namespace, with the directory of extensions as `$1`, and a number as `$2`. */
const inside = (machine: Machine, script: string, count = 0): Promise<string> =>
  machine.namespace.must(
    ['sh', '-ec', script, 'sh', join(machine.root, 'var/lib/extensions'), String(count)],
    { timeout: 120_000 },
  );

/** A file system of its own, which goes with the namespace: what is too deep for a path is hard to remove otherwise. */
const SCRATCH =
  'mkdir -p "$1/$name"; mount -t tmpfs -o nr_inodes=0 scratch "$1/$name"; cd "$1/$name"; mkdir -p usr/lib/extension-release.d; echo ID=_any >"usr/lib/extension-release.d/extension-release.$name"';

test('a tree deeper than any path is walked as far as there are paths, and merged', async () => {
  await onMachine(
    { tree: { ...HOST, ...extension('other', { files: { 'usr/share/x': 'x' } }) } },
    async (machine) => {
      await inside(machine, `name=deep; ${SCRATCH}; mkdir usr/share usr/a`);
      // 100 directories of 100 letters: 10,000 bytes, where PATH_MAX is 4096. Then 2000 of one letter. A shell's cd would not.
      const deepen = `for (const [at, name, count] of [['share', 'd'.repeat(100), 100], ['a', 'a', 2000]]) {
        process.chdir(process.argv[1] + '/deep/usr/' + at);
        for (let left = count; left > 0; left -= 1) { fs.mkdirSync(name); process.chdir(name); }
        fs.writeFileSync('bottom', '');
      }`;
      await machine.namespace.must([
        process.execPath,
        '-e',
        deepen,
        join(machine.root, 'var/lib/extensions'),
      ]);
      for (const words of [
        'merge',
        'graph',
        'unmerge',
        'explain',
        'inspect deep',
        'files deep --planned',
        'conflicts',
        'plan merge',
      ])
        expectHarmless([words], await machine.call(words));
      const { stdout } = await machine.call('check deep --json=short');
      expect(stdout).toContain('"unreadable-entry"');
    },
  );
}, 300_000);

test('very many entries are counted up to a limit, and the verbs come to an end', async () => {
  const COUNT = Number(process.env['SYSEXT_MANY_ENTRIES'] ?? 5000);
  const timeout = 30_000 + COUNT;
  await onMachine(
    { tree: { ...HOST, ...extension('other', { files: { 'usr/share/x': 'x' } }) } },
    async (machine) => {
      await inside(
        machine,
        `name=many; ${SCRATCH}; mkdir usr/share; cd usr/share; seq "$2" | xargs mkdir`,
        COUNT,
      );
      for (const words of [
        'list',
        'explain',
        'plan merge',
        'merge',
        'status',
        'conflicts',
        'graph',
        'refresh',
        'inspect many',
        'unmerge',
      ]) {
        const finished = await machine.call(words, { timeout });
        // Beyond a limit what layers do to each other cannot be told.
        const allowed = COUNT > 400_000 && /conflicts|graph/.test(words) ? [0, 2] : [0];
        expect({ words, ...finished, allowed: allowed.includes(finished.status) }).toMatchObject({
          allowed: true,
        });
      }
      // A line an entry, and each of them in an order; what is too much for that is cut.
      for (const words of ['files many --planned', 'check many', 'check many --json=short'])
        expect(COUNT > 400_000 ? [0, 1, 2] : [0, 1]).toContain(
          (await machine.call(words, { timeout })).status,
        );
    },
  );
}, 3_600_000);

asRoot(
  'device nodes of an image open no device, whatever is in the way',
  async () => {
    const files = {
      'opt/zero': device('c', 1, 5, { mode: 0o666 }),
      'opt/loop': device('b', 7, 0, { mode: 0o666 }),
    };
    await onMachine({ tree: { ...HOST, ...extension('nodes', { files }) } }, async (machine) => {
      machine.addImage('squashfs', 'var/lib/extensions/image.raw', {
        'usr/lib/extension-release.d/extension-release.image': 'ID=_any\n',
        'opt/memory': device('c', 1, 1, { mode: 0o666 }),
      });
      await callAllVerbs(machine, ['nodes', 'image']);
      for (const mode of ['no', 'ephemeral', 'yes']) {
        succeeded(await machine.call(`merge --mutable=${mode}`));
        for (const name of ['zero', 'loop', 'memory']) {
          const { status, stderr } = await machine.namespace.run([
            'head',
            '-c1',
            join(machine.root, 'opt', name),
          ]);
          expect({ name, status, stderr }).toMatchObject({
            status: 1,
            stderr: expect.stringContaining('Permission denied'),
          });
        }
        succeeded(await machine.call('unmerge'));
      }
      const { stdout } = await machine.call('check nodes');
      expect(stdout).toContain('device-file');
    });
  },
  120_000,
);

asRoot(
  'a set-user-id program in a configuration extension gives nobody its owner, and check tells of that of any',
  async () => {
    const id = spawnSync('sh', ['-c', 'command -v id']).stdout.toString().trim();
    const program = file(readFileSync(id), { mode: 0o4755 });
    const tree = {
      ...HOST,
      ...confext('suid', { files: { 'etc/id': program } }),
      ...extension('suid', { files: { 'opt/id': program } }),
    };
    await onMachine({ tree }, async (machine) => {
      const whoRuns = (path: string) =>
        machine.namespace.run([
          'setpriv',
          '--reuid=12345',
          '--clear-groups',
          '--',
          join(machine.root, path),
          '-u',
        ]);
      // The way to it must be open for the user, so only the flags are in the way.
      await machine.namespace.must(['chmod', '0755', machine.directory, machine.root]);
      // By default nothing runs from /etc; with --noexec=no it runs as who calls it.
      for (const [noexec, expected] of [
        ['', { status: 126 }],
        [' --noexec=no', { status: 0, stdout: '12345\n' }],
      ] as const) {
        succeeded(await machine.call(`merge${noexec}`, { as: 'confext' }));
        const finished = await whoRuns('etc/id');
        if (noexec === '') expect(finished.stdout).toBe('');
        else expect(finished).toMatchObject(expected);
        succeeded(await machine.call('unmerge', { as: 'confext' }));
      }
      // A system extension is trusted to have such programs, as the original has it; check says that it does.
      succeeded(await machine.call('merge'));
      expect(await whoRuns('opt/id')).toMatchObject({ status: 0, stdout: '0\n' });
      expect((await machine.call('check suid')).stdout).toContain('set-user-id');
    });
  },
);

asRoot(
  'whiteouts of the shell take it away as they say, which check and conflicts tell before',
  async () => {
    const tree = {
      ...HOST,
      'usr/bin/sh': 'host\n',
      'usr/lib/host/file': 'host\n',
      ...extension('eraser', {
        files: { 'usr/bin/sh': whiteout(), 'usr/lib/host': opaqueDirectory(), 'usr/lib/host/own': 'x' },
      }),
      ...extension('attribute', {
        files: {
          'usr/lib/os-release': file('', { xattrs: { 'trusted.overlay.whiteout': 'y' } }),
          'usr/bin': directory({ xattrs: { 'trusted.overlay.opaque': 'x' } }),
          'usr/bin/host': file('', { xattrs: { 'trusted.overlay.whiteout': 'y' } }),
        },
      }),
    };
    await onMachine({ tree }, async (machine) => {
      const before = machine.state();
      const { stdout: checked } = await machine.call('check eraser');
      expect(checked).toMatch(/whiteout: .*\n.*\/usr\/bin\/sh/);
      const { stdout: conflicts } = await machine.call('conflicts');
      expect(conflicts).toContain('/usr/bin/sh');
      await callAllVerbs(machine, ['eraser', 'attribute']);
      // One that hides what the host is stays out, by whatever means.
      const { stderr } = succeeded(await machine.call('merge --log-level=warning'));
      expect(stderr).toMatch(/^Ignoring extension 'attribute' .*os-release/);
      expect(machine.read('usr/lib/os-release')).toBe('ID=debian\nVERSION_ID=13\n');
      expect(machine.read('usr/bin/sh')).toBeNull();
      expect(machine.read('usr/bin/host')).toBe('from the host\n');
      // And all of it comes back.
      succeeded(await machine.call('unmerge'));
      expect(machine.read('usr/bin/sh')).toBe('host\n');
      await machine.expectState(before);
    });
  },
  120_000,
);
