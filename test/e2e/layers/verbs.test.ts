import { chmodSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { readLayerJson } from '../../support/layer-schemas.js';
import { type CallOptions, Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree, directory, file, symlink, type Tree } from '../../support/tree.js';

const INSTALLED: Tree = {
  ...HOST,
  'usr/sbin': symlink('bin'),
  bin: symlink('usr/bin'),
  'usr/lib/libfoo.so.1': 'host',
  'usr/share/same': 'same',
  'home/user': directory(),
  ...extension('one', {
    files: {
      'usr/bin/tool': file('one', { mode: 0o755 }),
      'usr/share/same': 'same',
      'usr/lib/libfoo.so.1': 'one',
      'usr/sbin/daemon': '',
      'opt/one/file': '',
    },
  }),
  ...extension('two', { files: { 'usr/bin/tool': file('two', { mode: 0o755 }), 'usr/bin/host': 'two' } }),
  ...extension('unfit', { release: 'ID=other\n', files: { 'usr/bin/tool': 'unfit' } }),
};

let machine: Machine;
let temporary: string;
beforeEach(async () => {
  machine = await Machine.open({ tree: INSTALLED });
  temporary = join(machine.directory, 'temporary');
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
});
afterEach(() => machine.close());

/** Calls it, and sees to it that nothing of it stays. */
async function call(words: string | readonly string[], options: CallOptions = {}): Promise<Finished> {
  const before = machine.state();
  const env = { TMPDIR: temporary, ...options.env };
  const finished = await machine.call(words, { ...options, env });
  await machine.expectState(before);
  expect(readdirSync(temporary)).toEqual([]);
  return finished;
}

test('which: now, and planned; symlinks, what lies outside, what is not there', async () => {
  const paths =
    '/usr/bin/tool /bin/host /usr/sbin/daemon /home/user /usr/bin/none /usr/bin/../lib/libfoo.so.1';
  const { status, stdout } = await call(`which ${paths}`);
  expect(status).toBe(1);
  expect(stdout).toContain('Nothing is merged. What a merge would make:\n');
  expect(stdout).toContain("/usr/bin/tool is from 'two' (/var/lib/extensions/two/usr/bin/tool).\n");
  expect(stdout).toContain("Hidden is that of 'one' (/var/lib/extensions/one/usr/bin/tool)");
  expect(stdout).toContain("/usr/bin/host is from 'two'");
  expect(stdout).toContain("On the way '/bin' is a symlink to 'usr/bin'.");
  expect(stdout).toContain("/home/user is the host's: it is not in /usr and /opt");
  expect(stdout).toContain('/usr/bin/none does not exist.');
  expect(await call('which /usr/bin/tool')).toMatchObject({ status: 0 });

  expect((await machine.call('merge')).status).toBe(0);
  renameSync(join(machine.root, 'var/lib/extensions/two'), join(machine.directory, 'away'));
  const planned = readLayerJson('which-1', (await call('which --planned --json=short /usr/bin/tool')).stdout);
  expect(planned).toMatchObject({ kind: 'planned', paths: [{ provider: { layer: { name: 'one' } } }] });
  const live = await call('which --json=short /usr/bin/tool /usr/bin/host');
  expect(live.status).toBe(0);
  const said = readLayerJson('which-1', live.stdout);
  // It is seen still, though it is gone: who else could have it?
  expect(said).toMatchObject({
    kind: 'live',
    notes: [expect.stringContaining("'two' could not be looked into: it is not there any more")],
    paths: [
      { kind: 'by-elimination', provider: { layer: { name: 'two' }, path: null } },
      { kind: 'by-elimination', provider: { layer: { name: 'two' } } },
    ],
  });
});

test('an extension that is another one now is told', async () => {
  expect((await machine.call('merge')).status).toBe(0);
  const place = join(machine.root, 'var/lib/extensions/two');
  renameSync(place, `${machine.directory}/away`);
  buildTree(machine.root, extension('two', { files: { 'usr/bin/tool': 'other' } }));
  const { stdout } = await call('which /usr/bin/tool');
  expect(stdout).toContain("Mind: 'two' is not what was merged (inode");
  expect(stdout).toContain('what is seen there is from none of the layers as they are now');
});

test('what lies under a mount, and a mount below a hierarchy', async () => {
  mkdirSync(join(machine.root, 'usr/local/bin'), { recursive: true });
  buildTree(machine.root, { 'var/lib/extensions/one/usr/local/bin/covered': '' });
  await machine.namespace.must(['mount', '-t', 'tmpfs', 'tmpfs', join(machine.root, 'usr/local')]);
  await machine.namespace.must(['touch', join(machine.root, 'usr/local/mine')]);
  for (const when of ['before', 'merged']) {
    if (when === 'merged') expect((await machine.call('merge')).status).toBe(0);
    const { stdout } = await call(
      'which --json=short /usr/local/mine /usr/local/bin/covered /usr/lib/os-release',
    );
    expect(readLayerJson('which-1', stdout).paths).toMatchObject([
      { kind: 'mount', status: 0, others: [] },
      { kind: 'mount', status: 1, others: [{ layer: { name: 'one' }, cover: 'mount' }] },
      { kind: 'copy', provider: { layer: { kind: 'host' } } },
    ]);
    const said = readLayerJson('conflicts-1', (await call('conflicts --json=short')).stdout);
    expect(said.conflicts.filter(({ kind }) => kind === 'mount')).toMatchObject([
      { path: '/usr/local', winner: null, loser: { layer: { name: 'one' } } },
    ]);
  }
});

test('conflicts: kinds, exit statuses, patterns', async () => {
  const { status, stdout } = await call('conflicts --json=short');
  expect(status).toBe(1);
  const { conflicts } = readLayerJson('conflicts-1', stdout);
  const name = (side: { layer: { kind: string; name: string | null } } | null) =>
    side === null ? '-' : (side.layer.name ?? side.layer.kind);
  const listed = conflicts.map(
    ({ kind, path, winner, loser }) => `${kind} ${path} ${name(winner)}>${name(loser)}`,
  );
  expect(listed.sort()).toEqual([
    'content /usr/bin/host two>host',
    'content /usr/bin/tool two>one',
    'equal /usr/share/same one>host',
    'library /usr/lib/libfoo.so.1 one>host',
    'type /usr/sbin one>host',
  ]);
  const text = await call('conflicts --fail-on=opaque,unit');
  expect(text.status).toBe(0);
  expect(text.stdout).toContain("  /usr/sbin: a directory of 'one' hides the symlink of the host\n");
  expect(text.stdout).toContain('4 conflicts, 0 of them to be mended or allowed.');
  const allow = join(machine.directory, 'allow');
  writeFileSync(allow, '# known\n/usr/bin/*\n/usr/lib/**  # libraries\n/usr/sbin\n/opt/**\n');
  const allowed = await call(`conflicts --allow=${allow}`);
  expect(allowed.status).toBe(0);
  expect(allowed.stdout).toContain('No conflicts.');
  expect(allowed.stdout).toContain(`Mind: the pattern '/opt/**' in '${allow}' fits nothing.`);
  expect((await call(`conflicts --allow=${allow} --fail-on=all`)).status).toBe(1);
  expect(await call('conflicts --allow=/nowhere')).toMatchObject({ status: 2, stdout: '' });
  // Of what is merged it is the same.
  expect((await machine.call('merge')).status).toBe(0);
  const live = readLayerJson('conflicts-1', (await call('conflicts --json=short')).stdout);
  expect(live.conflicts).toEqual(conflicts);
});

test('files and graph', async () => {
  const { status, stdout } = await call('files one');
  expect(status).toBe(1);
  expect(stdout).toContain("hidden    /usr/bin/tool (by 'two')\n");
  expect(stdout).toContain('equal     /usr/share/same (to that of the host)\n');
  expect(stdout).toContain('replaces  /usr/sbin/ (that of the host)\n');
  expect(stdout).toContain('visible   /opt/one/file\n');
  expect((await call('files two')).status).toBe(0);
  const none = await call('files unfit');
  expect(none).toMatchObject({ status: 2, stdout: '' });
  expect(none.stderr).toContain("No extension 'unfit' would be merged");

  const graph = readLayerJson('graph-1', (await call('graph --json=short')).stdout);
  expect(graph.graphs[0]).toMatchObject({
    hierarchy: '/usr',
    layers: [
      { layer: { name: 'two' }, adds: 1, hides: 2, hidden: ['bin/host', 'bin/tool'], lost: 0 },
      { layer: { name: 'one' }, hides: 3, lost: 1 },
      { layer: { kind: 'host' }, adds: null, lost: 4 },
    ],
  });
  const drawn = await call('graph', { env: { COLUMNS: '20', LC_ALL: 'C' } });
  expect(drawn.status).toBe(0);
  const boxes = drawn.stdout.split('\n').slice(1);
  expect(boxes.every((line) => /^[\x20-\x7e]{0,20}$/.test(line))).toBe(true);
  expect((await call('graph', { env: { LC_ALL: 'C.UTF-8' } })).stdout).toContain('┌───');
  expect((await call('graph --format=svg')).stdout).toMatch(/^<svg .*<\/svg>\n$/s);
  expect((await call('graph --format=mermaid')).stdout).toMatch(/^flowchart TB\n/);
});

test('written to a merged hierarchy', async () => {
  expect((await machine.call('merge --mutable=yes')).status).toBe(0);
  const script = 'cd "$1"; echo mine >tool; rm host; echo new >fresh';
  await machine.namespace.must(['sh', '-c', script, 'sh', join(machine.root, 'usr/bin')]);
  const { stdout } = await call(
    'which --json=short /usr/bin/tool /usr/bin/host /usr/bin/fresh /usr/lib/os-release',
  );
  expect(readLayerJson('which-1', stdout).paths).toMatchObject([
    { provider: { layer: { kind: 'write-directory' } } },
    { kind: 'missing' },
    { provider: { layer: { kind: 'write-directory' }, path: '/var/lib/extensions.mutable/usr/bin/fresh' } },
    { provider: { layer: { kind: 'host' } } },
  ]);
  expect((await machine.call('unmerge')).status).toBe(0);
  // The next merge imports it, if it is told to.
  const planned = await call('which --mutable=import --json=short /usr/bin/tool');
  expect(readLayerJson('which-1', planned.stdout).paths).toMatchObject([
    { provider: { layer: { kind: 'write-directory' } } },
  ]);
});

test('in memory', async () => {
  expect((await machine.call('merge --mutable=ephemeral')).status).toBe(0);
  await machine.namespace.must(['sh', '-c', 'echo mine >"$1"/usr/bin/fresh', 'sh', machine.root]);
  const { stdout } = await call('which /usr/bin/fresh /usr/bin/tool');
  expect(stdout).toContain(
    '/usr/bin/fresh is from what was written to memory: it is there, and no other layer has it.',
  );
  expect(stdout).toContain("/usr/bin/tool is from 'two'");
});

test('an ordinary user, while something is merged', async () => {
  chmodSync(machine.directory, 0o755);
  expect((await machine.call('merge')).status).toBe(0);
  const by = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const run = (words: readonly string[]) =>
    machine.namespace.run([...by, ...programCommand(), `--root=${machine.root}`, ...words], {
      env: { ...ENVIRONMENT, TMPDIR: temporary },
    });
  const { status, stdout } = await run(['which', '/usr/bin/tool', '/usr/lib/os-release']);
  if (by.length > 0) {
    expect(status).toBe(0);
    expect(stdout).toContain('/usr/lib/os-release is from the host: it is there, and no other layer has it.');
    expect(await run(['conflicts'])).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('what lies under a merge is only shown to root'),
    });
    expect((await run(['conflicts', '--json=short'])).status).toBe(2);
  }
  expect(stdout).toContain("/usr/bin/tool is from 'two'");
});

test('merged by a program that does not say where extensions came from', async () => {
  const meta = join(machine.directory, 'meta');
  mkdirSync(meta);
  const script = [
    'set -e; mount -t tmpfs tmpfs "$1"; mkdir "$1/.systemd-sysext"; cd "$2"',
    'printf "one\\nold\\n" >"$1/.systemd-sysext/extensions"',
    'mount -t overlay -o ro,lowerdir="$1":var/lib/extensions/one/usr:usr sysext usr',
    'mountpoint -d usr >"$1/.systemd-sysext/dev"',
  ].join('\n');
  await machine.namespace.must(['sh', '-c', script, 'sh', meta, machine.root]);
  const { stdout } = await call('which --json=short /usr/sbin/daemon /usr/bin/host');
  const { kind, notes, paths } = readLayerJson('which-1', stdout);
  expect({ kind, notes }).toEqual({
    kind: 'live',
    notes: [
      expect.stringContaining('looked for by their names'),
      expect.stringContaining("'old' could not be looked into"),
    ],
  });
  expect(paths).toMatchObject([
    { provider: { layer: { name: 'one', source: '/var/lib/extensions/one' } } },
    { provider: { layer: { kind: 'host' } } },
  ]);
});

test('configuration extensions', async () => {
  buildTree(machine.root, { ...confext('conf', { files: { 'etc/os-release': 'x', 'etc/conf': 'x' } }) });
  const { status, stdout } = await call('which /etc/conf /usr/bin/tool', { as: 'confext' });
  expect(status).toBe(1);
  expect(stdout).toContain("/etc/conf is from 'conf' (/var/lib/confexts/conf/etc/conf).");
  expect(stdout).toContain('/usr/bin/tool does not exist, and is not in /etc');
});

test('names that a terminal would obey', async () => {
  buildTree(machine.root, {
    'usr/share/\x1b[2J': 'host',
    'var/lib/extensions/one/usr/share/\x1b[2J': 'one',
  });
  for (const words of [
    'conflicts',
    'files one',
    'which --all /usr/share',
    'graph',
    'graph --format=svg',
    'conflicts --json=short',
  ]) {
    const { stdout } = await call(words);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\x00-\x1f\x7f]/);
  }
});
