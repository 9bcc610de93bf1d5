import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readChecked } from '../../support/check-schema.js';
import { provide } from '../../support/debian.js';
import { HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree, directory, fifo, file, symlink, whiteout } from '../../support/tree.js';
import { PREFIX } from '../leftovers.js';

const missing =
  process.getuid?.() === 0
    ? provide({ mksquashfs: 'squashfs-tools', 'mkfs.erofs': 'erofs-utils' })
    : 'only root mounts images';

const FILES = sysextTree('foo', {
  files: {
    'usr/bin/foo': file('', { mode: 0o4755 }),
    'usr/bin/mine': file('', { uid: 1000, gid: 1000 }),
    'usr/bin/gone': whiteout(),
    'usr/lib/a': symlink('a'),
    'usr/lib/systemd/system/foo.service': fifo(),
    'usr/share/closed': directory({ mode: 0o700 }),
    'etc/foo': '',
  },
});

(missing === null ? describe : describe.skip)(`disk images${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  let temporary: string;
  beforeAll(async () => {
    machine = await Machine.open({ tree: HOST });
    temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    for (const name of ['plain', 'squashfs', 'erofs']) mkdirSync(join(machine.root, name));
    machine.addImage('squashfs', 'squashfs/foo.raw', FILES);
    machine.addImage('erofs', 'erofs/foo.raw', FILES);
    mkdirSync(join(machine.root, 'plain/foo'));
    buildTree(join(machine.root, 'plain/foo'), FILES);
    chmodSync(machine.directory, 0o755);
    chmodSync(temporary, 0o1777);
  });
  afterAll(() => machine.close());

  const USER = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  /** Has the program check; nothing of it stays. */
  async function check(words: readonly string[], by: readonly string[] = []): Promise<Finished> {
    const before = machine.state();
    const paths = words.map((word) => (word.startsWith('-') ? word : join(machine.root, word)));
    const command = [...by, ...programCommand(), `--root=${machine.root}`, 'check', ...paths];
    const finished = await machine.namespace.run(command, { env: { ...ENVIRONMENT, TMPDIR: temporary } });
    await machine.expectState(before);
    expect(readdirSync(temporary)).toEqual([]);
    return finished;
  }

  test('an image has the findings that its directory has', async () => {
    const { status, stdout, stderr } = await check([
      'plain/foo',
      'squashfs/foo.raw',
      'erofs/foo.raw',
      '--json=short',
    ]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    const [plain, squashfs, erofs] = readChecked(stdout).images;
    expect(plain!.findings.map(({ code }) => code)).toEqual([
      'outside-hierarchies',
      'wrong-owner',
      'set-user-id',
      'closed-directory',
      'whiteout',
      'special-file',
      'symlink-loop',
      'unit-unreadable',
    ]);
    expect(squashfs!.findings).toEqual(plain!.findings);
    expect(erofs!.findings).toEqual(plain!.findings);
  });

  test('an annotation is about the image file, and says where in it', async () => {
    const { stdout } = await check(['squashfs/foo.raw', '--format=github']);
    expect(stdout).toContain(`file=${machine.root}/squashfs/foo.raw,title=set-user-id%3A`);
    expect(stdout).toContain('::/usr/bin/foo: it has mode 4755');
  });

  test('an ordinary user checks directories as far as they are open, and no image files', async () => {
    const image = await check(['squashfs/foo.raw'], USER);
    expect(image).toMatchObject({
      status: 2,
      stdout: expect.stringContaining('needs privileges; run this as root'),
    });
    const { status, stdout } = await check(['plain/foo', '--json=short'], USER);
    expect(status).toBe(2);
    const [plain] = readChecked(stdout).images;
    expect(plain).toMatchObject({ status: 'checked', forbidden: ['/usr/share/closed'] });
    expect(plain!.findings.map(({ code }) => code)).toContain('closed-directory');
  });
});

test('a directory that an ordinary user has built', () => {
  const place = mkdtempSync(join(tmpdir(), PREFIX));
  try {
    const owner = process.getuid?.() === 0 ? { uid: 1234, gid: 1234 } : {};
    const files = Object.keys(sysextTree('foo', { files: { 'usr/bin/foo': '' } }));
    const directories = ['usr', 'usr/bin', 'usr/lib', 'usr/lib/extension-release.d'];
    const tree = [
      ...directories.map((path) => [`foo/${path}`, directory(owner)] as const),
      ...files.map((path) => [`foo/${path}`, file('ID=_any\n', owner)] as const),
    ];
    buildTree(place, Object.fromEntries(tree));
    const [program = '', ...words] = [...programCommand(), 'check', join(place, 'foo'), '--json=short'];
    const { status, stdout } = spawnSync(program, words, { encoding: 'utf8', env: ENVIRONMENT });
    expect(readChecked(stdout).images[0]!.findings).toMatchObject([
      { code: 'wrong-owner', severity: 'note', path: '/usr' },
    ]);
    expect(status).toBe(0);
  } finally {
    rmSync(place, { recursive: true });
  }
});
