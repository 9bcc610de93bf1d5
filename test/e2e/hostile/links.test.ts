import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { confext, extension, HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import {
  below,
  buildTree,
  device,
  directory,
  type Entry,
  fifo,
  symlink,
  type Tree,
} from '../../support/tree.js';
import { callAllVerbs, expectHarmless } from './all-verbs.js';

const EXTENSIONS = 'var/lib/extensions';
const CONFEXTS = 'var/lib/confexts';
const RELEASES = 'usr/lib/extension-release.d';
const OUT = '../../../../../../../../../../..';

/** Where a link is that leads out of the tree, and what would be read or merged if it were followed. */
const LINKS: Readonly<Record<string, Tree>> = {
  'absolute-usr': { usr: symlink('/etc') },
  'relative-usr': { usr: symlink(`${OUT}/etc`) },
  'proc-usr': { usr: symlink('/proc/1/root/etc') },
  'usr-lib': { 'usr/lib': symlink('/proc/self/root/usr/lib') },
  releases: { [RELEASES]: symlink('/proc/1/root/usr/lib/extension-release.d') },
  'release-itself': { [`${RELEASES}/extension-release.release-itself`]: symlink(`${OUT}/etc/os-release`) },
  'release-loop': {
    [`${RELEASES}/extension-release.release-loop`]: symlink('extension-release.release-loop'),
  },
  'release-self': {
    [RELEASES]: symlink('.'),
    'usr/lib/extension-release.release-self': symlink('../../proc/self/environ'),
  },
};

/** The same for what fits, so that it is merged. */
const FITTING: Readonly<Record<string, Tree>> = {
  opt: { opt: symlink('/etc') },
  'opt-up': { opt: symlink(`${OUT}/etc`) },
  'opt-proc': { opt: symlink('/proc/self/root/etc') },
  metadata: { 'usr/.systemd-sysext': symlink('/etc') },
  'metadata-file': { 'usr/.systemd-sysext': 'x' },
  'metadata-null': { 'usr/.systemd-sysext': device('c', 0, 0) },
  inside: { 'usr/share/deep': symlink(`${OUT}/etc`), 'usr/share/root': symlink('/proc/self/root') },
};

/** What cannot be opened, or would never end. */
const SPECIAL: Readonly<Record<string, Entry>> = {
  fifo: fifo(),
  zero: device('c', 1, 5),
  disk: device('b', 7, 0),
  'symlink-to-zero': symlink('/dev/zero'),
  directory: directory(),
};

const trees = (kind: Readonly<Record<string, Tree>>, release?: string): Tree =>
  Object.assign(
    {},
    ...Object.entries(kind).map(([name, tree]) => ({
      ...below(`${EXTENSIONS}/${name}`, tree),
      ...(release === undefined
        ? {}
        : below(`${EXTENSIONS}/${name}`, { [`${RELEASES}/extension-release.${name}`]: release })),
    })),
  );

let machine: Machine;
let server: Server;
beforeAll(async () => {
  machine = await Machine.open({
    tree: {
      ...HOST,
      'etc/secret': 'secret\n',
      'etc/os-release': 'ID=_any\n',
      'usr/lib/extension-release.d/extension-release.releases': 'ID=_any\n',
      'dev/zero': device('c', 1, 5),
      ...extension('good', { files: { 'opt/good': 'good\n' } }),
      ...confext('fine', { files: { 'etc/fine': 'fine\n' } }),
      ...trees(LINKS),
      ...trees(FITTING, 'ID=_any\n'),
      ...Object.assign(
        {},
        ...Object.entries(SPECIAL).map(([name, entry]) =>
          below(`${EXTENSIONS}/${name}`, { [`${RELEASES}/extension-release.${name}`]: entry, 'opt/x': 'x' }),
        ),
      ),
      [`${EXTENSIONS}/socket/${RELEASES}`]: directory(),
      [`${EXTENSIONS}/huge/${RELEASES}/extension-release.huge`]: '',
      // Named like images.
      [`${EXTENSIONS}/pipe.raw`]: fifo(),
      [`${EXTENSIONS}/endless.raw`]: symlink('/dev/zero'),
      [`${EXTENSIONS}/node.raw`]: device('c', 1, 5),
      [`${EXTENSIONS}/memory.raw`]: symlink('/proc/kcore'),
      [`${EXTENSIONS}/pipe.roothash`]: fifo(),
      // Versioned directories, and what is in them.
      [`${EXTENSIONS}/out.v`]: symlink('/etc'),
      [`${EXTENSIONS}/up.v`]: symlink(`${OUT}/etc`),
      [`${EXTENSIONS}/vs.v/vs_1`]: symlink('/etc'),
      [`${EXTENSIONS}/vs.v/vs_2`]: symlink(`${OUT}/proc/1/root`),
      [`${EXTENSIONS}/vs.v/vs_3`]: fifo(),
      [`${EXTENSIONS}/vs.raw.v/vs_4.raw`]: fifo(),
      [`${EXTENSIONS}/vs.raw.v/vs_5.raw`]: symlink('/dev/zero'),
      [`${EXTENSIONS}/all.v/all_1`]: symlink('all_1'),
      // The same for confext: all of it is a hierarchy or above one.
      ...below(`${CONFEXTS}/etc-out`, { etc: symlink('/proc/1/root/etc') }),
      ...below(`${CONFEXTS}/metadata`, {
        'etc/extension-release.d/extension-release.metadata': 'ID=_any\n',
        'etc/.systemd-confext': symlink('/usr'),
        'etc/shadow-link': symlink('/proc/1/environ'),
      }),
      ...below(`${CONFEXTS}/releases-out`, {
        'etc/extension-release.d': symlink('/usr/lib/extension-release.d'),
      }),
      // Configuration.
      'etc/systemd/sysext.conf': fifo(),
      'etc/systemd/sysext.conf.d/10-zero.conf': symlink('/dev/zero'),
      'etc/systemd/sysext.conf.d/20-pipe.conf': fifo(),
      'etc/systemd/sysext.conf.d/30-loop.conf': symlink('30-loop.conf'),
      'etc/verity.d/pipe.crt': fifo(),
      'etc/verity.d/zero.crt': symlink('/dev/zero'),
    },
  });
  truncateSync(join(machine.root, EXTENSIONS, 'huge', RELEASES, 'extension-release.huge'), 10 * 1024 ** 3);
  server = await listen(join(machine.root, EXTENSIONS, 'socket', RELEASES, 'extension-release.socket'));
});
afterAll(async () => {
  server.close();
  await machine.close();
});

/** A socket; its path may be longer than one that can be bound. */
async function listen(path: string): Promise<Server> {
  const place = join(machine.directory, 'socket');
  mkdirSync(dirname(path), { recursive: true });
  const listening = createServer();
  await new Promise<void>((resolve) => listening.listen(place, resolve));
  renameSync(place, path);
  return listening;
}

test('symlinks out of the tree, and what never ends or never begins, stop no verb and show nothing of the host', async () => {
  const names = ['absolute-usr', 'releases', 'inside', 'opt-proc', 'metadata', 'fifo', 'socket', 'vs'];
  await callAllVerbs(machine, names);
}, 300_000);

test('of them only those are merged whose release file is their own, and nothing of the host comes with them', async () => {
  const { stderr } = succeeded(await machine.call('merge --log-level=warning'));
  const merged = JSON.parse(succeeded(await machine.call('status --json=short')).stdout) as {
    extensions: string[];
  }[];
  expect([...merged[0]!.extensions].sort()).toEqual([...Object.keys(FITTING), 'good'].sort());
  for (const name of [...Object.keys(LINKS), ...Object.keys(SPECIAL), 'socket', 'huge'])
    expect(stderr).toMatch(new RegExp(`^Ignoring extension '${name}' `, 'm'));
  expect(machine.read('opt/good')).toBe('good\n');
  expect(machine.read('opt/secret')).toBeNull();
  expect(machine.read('usr/secret')).toBeNull();
  expect(readdirSync(machine.at('usr/.systemd-sysext')).sort()).toEqual(
    expect.arrayContaining(['dev', 'extensions', 'origin']),
  );
  expect(machine.read('usr/.systemd-sysext/secret')).toBeNull();
  succeeded(await machine.call('unmerge'));
});

test('what is installed is copied as it is: no symlink is followed, no pipe read, and what is no image is refused', async () => {
  const places = ['bad', 'pipe.raw', 'zero.raw', 'linked'].map((name) => join(machine.root, 'build', name));
  buildTree(join(machine.root, 'build'), {
    ...below('bad', {
      [`${RELEASES}/extension-release.bad`]: 'ID=_any\n',
      'usr/share/pipe': fifo(),
      'usr/share/zero': device('c', 1, 5),
      'usr/share/secret': symlink('/etc/secret'),
      'usr/share/e\x1b[2J\n': 'x',
      opt: symlink('/etc'),
    }),
    'pipe.raw': fifo(),
    'zero.raw': symlink('/dev/zero'),
    'linked/usr': symlink('/etc'),
  });
  const [bad, ...others] = places as [string, ...string[]];
  succeeded(await machine.call(['install', bad]));
  const installed = join(machine.root, EXTENSIONS, 'bad/usr/share');
  expect(readlinkSync(join(installed, 'secret'))).toBe('/etc/secret');
  expect(statSync(join(installed, 'pipe')).isFIFO()).toBe(true);
  for (const place of others) {
    const finished = await machine.call(['install', place]);
    expectHarmless(['install', place], finished);
    expect(finished.status).toBe(1);
  }
  expectHarmless(['versions', 'bad'], await machine.call('versions bad'));
  succeeded(await machine.call('remove bad'));
  expect(machine.read('etc/secret')).toBe('secret\n');
});

test('nobody else can look into the workspace, where images are mounted before it is known what they are', async () => {
  const faults = machine.faults();
  // When the first overlay is mounted, the workspace is there with all that is in it.
  faults.plan(
    {},
    'case "$*" in *lowerdir=*) ls -lad /run/systemd/sysext/*/ /run/systemd/sysext >>"$directory/looked" ;; esac',
  );
  succeeded(await machine.call('merge', { faults }));
  succeeded(await machine.call('unmerge'));
  const looked = readFileSync(join(faults.path.split(':')[0]!, 'looked'), 'utf8');
  for (const line of looked.trim().split('\n')) expect(line).toMatch(/^drwx------ /);
  expect(looked).toMatch(/\/root-/);
});

test('the same for configuration extensions', async () => {
  await callAllVerbs(machine, ['etc-out', 'metadata', 'releases-out'], { as: 'confext' });
  const { stderr } = succeeded(await machine.call('merge --log-level=warning', { as: 'confext' }));
  expect(stderr).toMatch(/^Ignoring extension 'etc-out' /m);
  expect(stderr).toMatch(/^Ignoring extension 'releases-out' /m);
  expect(machine.read('etc/fine')).toBe('fine\n');
  expect(readdirSync(machine.at('etc/.systemd-confext'))).toContain('confexts');
  succeeded(await machine.call('unmerge', { as: 'confext' }));
}, 300_000);
