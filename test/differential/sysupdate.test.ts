import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { provide } from '../support/debian.js';
import { debianTrees } from '../support/debian-tree.js';
import { HttpServer } from '../support/http-server.js';
import { observeTree } from '../support/observe-tree.js';
import { buildTree, symlink, type Tree } from '../support/tree.js';
import { ENVIRONMENT, findSubject } from './programs.js';

/** What is there, and what is to become of it. */
interface Scenario {
  readonly name: string;
  /** Files of the source, relative to it; a name that ends in .xz or .gz is packed. */
  readonly available: readonly string[];
  readonly installed?: Tree;
  readonly transfer?: string;
  readonly source?: string;
  readonly target?: string;
  /** More transfer files, by their names. */
  readonly more?: Readonly<Record<string, string>>;
  /** The version that a call is for has its files on a server. */
  readonly fromServer?: boolean;
  readonly args?: readonly string[];
  /** In what the outcome differs, and is meant to. */
  readonly differs?: string;
}

const file = (name: string): Tree => ({ [`dst/${name}`]: name });
const files = (...names: string[]): Tree => Object.assign({}, ...names.map(file));

/** A versioned directory as a target, with two versions; the newer one has no tries left. */
const VERSIONED = 'Path=/dst/f.raw.v';
const rolledBack = ['f.raw.v/f_1.raw', 'f.raw.v/f_2+0.raw'];

const SCENARIOS: readonly Scenario[] = [
  { name: 'the first version', available: ['f_1.raw'] },
  {
    name: 'the newest by the order of versions',
    available: ['f_1.raw', 'f_2.raw', 'f_10.raw', 'f_9~rc1.raw'],
  },
  { name: 'nothing newer', available: ['f_1.raw'], installed: files('f_2.raw') },
  { name: 'the same version with other digits', available: ['f_01.raw'], installed: files('f_1.raw') },
  { name: 'nothing there', available: [], installed: files('f_1.raw') },
  { name: 'three versions stay', available: ['f_10.raw'], installed: files('f_1.raw', 'f_2.raw', 'f_3.raw') },
  {
    name: 'two versions stay',
    available: ['f_10.raw'],
    installed: files('f_1.raw', 'f_2.raw', 'f_3.raw'),
    target: 'InstancesMax=2',
  },
  {
    name: 'protected versions stay',
    available: ['f_10.raw'],
    installed: files('f_1.raw', 'f_2.raw', 'f_3.raw'),
    transfer: 'ProtectVersion=1\nProtectVersion=%A',
    target: 'InstancesMax=2',
  },
  {
    name: 'a version that is there twice counts twice',
    available: ['f_10.raw'],
    installed: files('f_1.raw', 'f_2.raw', 'f_02.raw'),
  },
  {
    name: 'nothing newer than a version that was rolled back',
    available: ['f_1.raw', 'f_2.raw'],
    installed: files(...rolledBack),
    target: VERSIONED,
  },
  {
    name: 'a version newer than one that was rolled back',
    available: ['f_2.raw', 'f_3.raw'],
    installed: files(...rolledBack),
    target: VERSIONED,
  },
  {
    name: 'a counter that the patterns know',
    available: ['f_2.raw'],
    installed: files('f.raw.v/f_1.raw', 'f.raw.v/f_2+0-1.raw'),
    target: `${VERSIONED}\nTriesLeft=3\nTriesDone=0\nMatchPattern=\nMatchPattern=f_@v+@l-@d.raw f_@v+@l.raw f_@v.raw`,
  },
  {
    name: 'what was rolled back goes before what is older',
    available: ['f_3.raw'],
    installed: files(...rolledBack),
    target: `${VERSIONED}\nInstancesMax=2`,
    differs: 'the original removes the older one, which works',
  },
  {
    name: 'what a symlink leads to does not go before what is newer',
    available: ['f_3.raw'],
    installed: { ...files('f_1.raw', 'f_2.raw'), 'dst/f.raw': symlink('f_1.raw') },
    target: 'CurrentSymlink=f.raw\nInstancesMax=2',
    differs: 'the original removes the older one, which works',
  },
  {
    name: 'a version that was rolled back is protected by its number',
    available: ['f_3.raw'],
    installed: files('f.raw.v/f_1+0.raw', 'f.raw.v/f_2.raw'),
    transfer: 'ProtectVersion=1',
    target: `${VERSIONED}\nInstancesMax=2`,
    differs: 'the original takes the counter for a part of the version',
  },
  {
    name: 'a counter behind the architecture',
    available: ['f_2_x86-64.raw'],
    installed: files('f.raw.v/f_1_x86-64.raw', 'f.raw.v/f_2_x86-64+0.raw'),
    source: 'MatchPattern=f_@v_x86-64.raw',
    target: `${VERSIONED}\nMatchPattern=\nMatchPattern=f_@v_x86-64.raw`,
    differs: 'the original downloads what is there',
  },
  {
    name: 'two resources, one of them rolled back',
    available: ['f_2.raw', 'g_2.raw'],
    installed: files(...rolledBack, 'g_2.raw'),
    target: VERSIONED,
    more: { 'g.transfer': transferFile('/src', {}).replaceAll('f_@v', 'g_@v') },
  },
  { name: 'a least version that nothing has', available: ['f_1.raw'], transfer: 'MinVersion=2' },
  { name: 'a least version', available: ['f_1.raw', 'f_2.raw'], transfer: 'MinVersion=2' },
  { name: 'mode and read-only', available: ['f_1.raw'], target: 'Mode=0660\nReadOnly=yes' },
  {
    name: 'time and mode in the name',
    available: ['f_1_1700000000000000_600.raw'],
    source: 'MatchPattern=f_@v_@t_@m.raw',
  },
  { name: 'several patterns', available: ['f_1.raw', 'g_2.raw'], source: 'MatchPattern=f_@v.raw g_@v.raw' },
  { name: 'packed by xz', available: ['f_1.raw.xz'], source: 'MatchPattern=f_@v.raw f_@v.raw.xz' },
  { name: 'packed by gzip', available: ['f_1.raw.gz'], source: 'MatchPattern=f_@v.raw.gz' },
  {
    name: 'counted tries',
    available: ['f_9.raw'],
    installed: files('f_1.raw'),
    target: 'TriesLeft=3\nTriesDone=0\nMatchPattern=\nMatchPattern=f_@v+@l-@d.raw f_@v+@l.raw f_@v.raw',
  },
  {
    name: 'directories in patterns',
    available: ['a/b/f_7.raw'],
    installed: files('x_5/f.raw', 'x_6/f.raw'),
    source: 'MatchPattern=**/f_@v.raw',
    target: 'MatchPattern=\nMatchPattern=x_@v/f.raw\nInstancesMax=2',
  },
  {
    name: 'what another program has left is removed',
    available: ['f_2.raw'],
    installed: files('f_1.raw', '.#x', 'other'),
  },
  {
    name: 'what broke off is removed',
    available: ['f_2.raw'],
    installed: files('f_1.raw', '.sysupdate.partial.f_9.raw', 'other'),
    differs: 'the original fails',
  },
  {
    name: 'a symlink to the current version',
    available: ['f_2.raw'],
    installed: files('f_1.raw'),
    target: 'CurrentSymlink=f.raw',
  },
  {
    name: 'a symlink that is there already',
    available: ['f_2.raw'],
    installed: { ...files('f_1.raw'), 'etc/extensions/f.raw': symlink('../../dst/f_1.raw') },
    target: 'CurrentSymlink=/etc/extensions/f.raw',
    differs: 'the original replaces the old version by the symlink',
  },
  {
    name: 'no pattern for the target, as in files for Flatcar',
    available: ['f-1-x86-64.raw', 'f-2-x86-64.raw', 'f-9-arm64.raw'],
    installed: files('f-1-x86-64.raw'),
    source: 'MatchPattern=f-@v-%a.raw',
    target: 'MatchPattern=',
  },
  {
    name: 'several patterns, none of them for the target',
    available: ['g_3.raw'],
    installed: files('g_1.raw', 'f_2.raw'),
    source: 'MatchPattern=f_@v.raw g_@v.raw',
    target: 'MatchPattern=',
  },
  {
    name: 'packed, no pattern for the target',
    available: ['f_3.raw.xz'],
    source: 'MatchPattern=f_@v.raw.xz',
    target: 'MatchPattern=',
  },
  {
    name: 'anywhere, no pattern for the target',
    available: ['a/f_3.raw'],
    source: 'MatchPattern=**/f_@v.raw',
    target: 'MatchPattern=',
  },
  {
    name: 'two resources go together',
    available: ['f_1.raw', 'f_2.raw', 'f_3.raw', 'g_1.raw', 'g_2.raw'],
    installed: files('f_1.raw', 'g_1.raw'),
    more: { 'g.transfer': transferFile('/src', {}).replaceAll('f_@v', 'g_@v') },
  },
  {
    name: 'a second resource is still missing',
    available: ['f_2.raw', 'g_2.raw'],
    installed: files('f_1.raw', 'f_2.raw', 'g_1.raw'),
    more: { 'g.transfer': transferFile('/src', {}).replaceAll('f_@v', 'g_@v') },
  },
  {
    name: 'lines that cannot be understood are skipped',
    available: ['f_1.raw'],
    transfer: 'Bogus=1\nMinVersion=a b',
    target: '[Foo]\nx=y',
  },
  { name: 'from a server', available: ['f_1.raw', 'f_2.raw'], fromServer: true, transfer: 'Verify=no' },
  {
    name: 'from a server, packed, in a directory of its own',
    available: ['v/f_2.raw.xz', 'f_1.raw'],
    fromServer: true,
    transfer: 'Verify=no',
    source: 'MatchPattern=**/f_@v.raw.xz **/f_@v.raw',
  },
  {
    name: 'a server without a signature',
    available: ['f_1.raw'],
    installed: files('f_0.raw'),
    fromServer: true,
  },
];

function transferFile(path: string, { transfer = '', source = '', target = '' }: Partial<Scenario>): string {
  return `[Transfer]
${transfer}
[Source]
Type=${path.startsWith('/') ? 'regular-file' : 'url-file'}
Path=${path}
${source || 'MatchPattern=f_@v.raw'}
[Target]
Type=regular-file
Path=/dst
MatchPattern=f_@v.raw
${target}
`;
}

/** The tree that both programs get. */
function treeOf(scenario: Scenario, address: string): Tree {
  const path = scenario.fromServer ? address : '/src';
  return {
    'usr/lib/os-release': 'ID=debian\nVERSION_ID=13\nIMAGE_VERSION=2\n',
    ...Object.fromEntries(
      Object.entries(scenario.more ?? {}).map(([name, it]) => [`etc/sysupdate.d/${name}`, it]),
    ),
    'etc/sysupdate.d/f.transfer': transferFile(path, scenario),
    ...scenario.installed,
  };
}

/** Text of which both programs can tell that it was unpacked. */
function contentOf(name: string): Buffer {
  const plain = Buffer.from(`content of ${name}\n`.repeat(100));
  const packer = name.endsWith('.xz') ? 'xz' : name.endsWith('.gz') ? 'gzip' : null;
  return packer === null ? plain : spawnSync(packer, ['-c'], { input: plain }).stdout;
}

const tree = debianTrees().find((one) => existsSync(join(one, 'usr/lib/systemd/systemd-sysupdate')));
const missing =
  tree === undefined || process.getuid?.() !== 0
    ? 'needs root and a Debian tree with systemd-sysupdate: run scripts/oracle.sh'
    : provide({ xz: 'xz-utils', gzip: 'gzip' });
const when = missing === null ? describe : describe.skip;

when('update does what systemd-sysupdate does', () => {
  let base: string;
  let server: HttpServer;

  beforeAll(async () => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-sysupdate-')));
    mkdirSync(join(base, 'chroot'));
    server = await HttpServer.open();
  });
  afterAll(async () => {
    await server.close();
    rmSync(base, { recursive: true, force: true });
  });

  test.each(SCENARIOS.map((scenario, index) => [scenario.name, index, scenario] as const))(
    '%s',
    async (_name, index, scenario) => {
      const place = join(base, String(index));
      const address = server.url(`/${index}`);
      const served = Object.fromEntries(
        scenario.available.map((name) => [name, { kind: 'file', content: contentOf(name) } as const]),
      );
      const manifest = scenario.available
        .map((name) => `${createHash('sha256').update(contentOf(name)).digest('hex')}  ${name}\n`)
        .join('');
      mkdirSync(place);
      if (scenario.fromServer) {
        for (const name of scenario.available) server.files.set(`/${index}/${name}`, contentOf(name));
        server.files.set(`/${index}/SHA256SUMS`, manifest);
      }
      const outcomes = [];
      for (const who of ['ours', 'original'] as const) {
        const root = join(place, who);
        mkdirSync(root);
        buildTree(root, treeOf(scenario, address));
        if (!scenario.fromServer)
          buildTree(
            root,
            Object.fromEntries(Object.entries(served).map(([name, it]) => [`src/${name}`, it])),
          );
        const command =
          who === 'ours' ? [...findSubject().command('sysext'), 'update', `--root=${root}`] : original(root);
        outcomes.push({ status: await run(command), ...look(root) });
      }
      const [ours, theirs] = outcomes;
      if (scenario.differs === undefined) expect(ours).toEqual(theirs);
      else expect(ours).not.toEqual(theirs);
    },
  );

  /** In a chroot, as it calls helpers by their paths; what it writes there goes to a tmpfs. */
  const original = (root: string): string[] => [
    'unshare',
    '--mount',
    'sh',
    '-euc',
    `mount -t tmpfs tmpfs "$2"
     mkdir "$2/upper" "$2/work" "$2/tree"
     mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" overlay "$2/tree"
     mount --bind "$3" "$2/tree/mnt"
     mount -t proc proc "$2/tree/proc"
     mount --rbind /dev "$2/tree/dev"
     mount -t tmpfs tmpfs "$2/tree/run"
     exec chroot "$2/tree" /usr/lib/systemd/systemd-sysupdate --root=/mnt update`,
    'sh',
    tree!,
    join(base, 'chroot'),
    root,
  ];

  /** Not while this process waits: it is the server. */
  async function run(command: readonly string[]): Promise<string> {
    const [program, ...args] = command;
    const child = spawn(program!, args, { env: { ...ENVIRONMENT }, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    const [status] = (await once(child, 'close')) as [number | null];
    const [stdout, stderr] = await said;
    if (process.env['SYSEXT_SHOW']) process.stderr.write(`${command.join(' ')}\n${stdout}${stderr}`);
    return status === 0 ? 'success' : 'failure';
  }

  /** What there is to update, and what leads to it. Both keep books of their own, which are not compared. */
  function look(root: string) {
    const of = (path: string) => (existsSync(join(root, path)) ? observeTree(join(root, path)).tree : null);
    return { dst: of('dst')?.replace(/^(?=d).*$/gm, ''), extensions: of('etc/extensions') };
  }
});

test('without the original', () => {
  if (missing !== null) console.warn(missing);
});
