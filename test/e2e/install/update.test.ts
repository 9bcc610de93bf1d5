import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { extension, HOST, sysextTree } from '../../support/fixtures.js';
import { type Handler, HttpServer } from '../../support/http-server.js';
import { Machine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { buildTree } from '../../support/tree.js';
import { readUpdate } from '../../support/update-schema.js';
import { PREFIX } from '../leftovers.js';

const missing =
  process.getuid?.() === 0
    ? provide({ mksquashfs: 'squashfs-tools', xz: 'xz-utils', gpg: 'gnupg', gpgv: 'gpgv' })
    : 'needs root, for loop devices';
const when = missing === null ? describe : describe.skip;

const PLACE = 'var/lib/extensions/tool.raw.v';

when('a machine that is updated from a server', () => {
  let machine: Machine;
  let server: HttpServer;
  let keys: string;
  const served = new Map<string, Buffer>();
  /** The server answers with half of a file, once for each. */
  let breaks = 0;

  /** All that the server has, also a part of it. */
  const publish = () => {
    for (const [name, content] of served) server.files.set(`/${name}`, partly(content));
  };
  const partly =
    (content: Buffer): Handler =>
    (request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const piece = content.subarray(start);
      response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': piece.length });
      if (breaks === 0 || !request.url?.endsWith('.raw')) return response.end(piece);
      breaks -= 1;
      return response.write(piece.subarray(0, piece.length / 2), () => response.destroy());
    };

  const gpg = (...words: string[]) => {
    const { status, stdout, stderr } = spawnSync('gpg', [
      '--homedir',
      keys,
      '--batch',
      '--quiet',
      '--yes',
      ...words,
    ]);
    if (status !== 0) throw new Error(stderr.toString());
    return stdout;
  };
  /** A version of the image, as a file for the server. */
  const image = (version: string, release: string): Buffer => {
    const files = sysextTree('tool', { release, files: { 'usr/share/tool': `${version}\n` } });
    machine.addImage('squashfs', 'made.raw', files);
    const content = readFileSync(join(machine.root, 'made.raw'));
    rmSync(join(machine.root, 'made.raw'));
    return content;
  };
  const list = () => {
    const lines = [...served]
      .filter(([name]) => !name.startsWith('SHA256SUMS'))
      .map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`);
    const file = join(keys, 'list');
    writeFileSync(file, lines.join(''));
    gpg('--output', `${file}.gpg`, '--detach-sign', file);
    served.set('SHA256SUMS', readFileSync(file));
    served.set('SHA256SUMS.gpg', readFileSync(`${file}.gpg`));
    publish();
  };
  const versions = () => readdirSync(join(machine.root, PLACE)).sort();

  beforeAll(async () => {
    keys = mkdtempSync(join(tmpdir(), PREFIX));
    gpg('--passphrase', '', '--quick-generate-key', 'publisher@example.org', 'ed25519', 'sign', 'never');
    server = await HttpServer.open();
    machine = await Machine.open({ tree: HOST });
    buildTree(machine.root, {
      'etc/sysupdate.tool.d/tool.transfer': `[Source]
Type=url-file
Path=${server.url('/')}
MatchPattern=tool_@v.raw.xz tool_@v.raw
[Target]
Type=regular-file
Path=/${PLACE}
MatchPattern=tool_@v.raw
InstancesMax=2
`,
    });
  });
  afterAll(async () => {
    await machine.close();
    await server.close();
    spawnSync('gpgconf', ['--homedir', keys, '--kill', 'all']);
    rmSync(keys, { recursive: true, force: true });
  });

  // In this order: each goes on from what the one before has left.

  test('nobody has said whom to believe', async () => {
    served.set('tool_1.raw', image('1', 'ID=debian\nVERSION_ID=13\n'));
    list();
    const { status, stderr } = await machine.call('update');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/SHA256SUMS: there is no key .*\/etc\/systemd\/import-pubring.pgp/),
    });
    expect(existsSync(join(machine.root, PLACE))).toBe(false);
  });

  test('--check and --dry-run change nothing', async () => {
    buildTree(machine.root, { 'etc/systemd/import-pubring.pgp': { kind: 'file', content: gpg('--export') } });
    const { status, stdout } = await machine.call('update --check');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'NAME INSTALLED NEWER STATE\ntool -         1     can be updated\n',
    });
    expect(succeeded(await machine.call('update tool --dry-run')).stdout).toMatch(
      /^'tool' would be updated to version 1\.\n {2}'http:.*tool_1\.raw' would become '\/var\/lib\/.*tool_1\.raw'\.\n$/,
    );
    expect(existsSync(join(machine.root, PLACE))).toBe(false);
  });

  test('the first version is installed, and with --now merged', async () => {
    const { stderr } = succeeded(await machine.call('update --now'));
    expect(stderr).toMatch(
      /^Installed '.*'\.\nUpdated 'tool' to version 1\.\nUsing extensions 'tool_1\.raw'\.\n/,
    );
    expect(machine.read('usr/share/tool')).toBe('1\n');
    expect(versions()).toEqual(['tool_1.raw']);
    expect((await machine.call('update --check')).status).toBe(1);
  });

  test('a packed version comes beside it', async () => {
    served.set('tool_2.raw.xz', spawnSync('xz', ['-c'], { input: image('2', 'ID=_any\n') }).stdout);
    list();
    const { stdout } = succeeded(await machine.call('update --json=short'));
    expect(readUpdate(stdout)).toMatchObject({
      components: [{ name: 'tool', installed: '1', version: '2', state: 'updated' }],
    });
    expect(versions()).toEqual(['tool_1.raw', 'tool_2.raw']);
    expect(machine.read('usr/share/tool')).toBe('1\n');
    succeeded(await machine.call('refresh'));
    expect(machine.read('usr/share/tool')).toBe('2\n');
  });

  test('a version that does not fit this host is refused, and nothing is lost', async () => {
    served.set('tool_3.raw', image('3', 'ID=debian\nVERSION_ID=14\n'));
    list();
    const { status, stderr } = await machine.call('update');
    expect(status).toBe(1);
    expect(stderr).toMatch(/VERSION_ID=14.*host has VERSION_ID=13/);
    expect(versions()).toEqual(['tool_1.raw', 'tool_2.raw']);
  });

  test('one that says so beforehand is passed over', async () => {
    served.set('tool_3.raw.extension-release', Buffer.from('ID=debian\nVERSION_ID=14\n'));
    list();
    const { stderr } = succeeded(await machine.call('update'));
    expect(stderr).toMatch(/^Passing over version 3 of 'tool': it is for VERSION_ID=14/);
    expect(stderr).toContain("'tool' is up to date: there is nothing newer than version 2.\n");
  });

  test('a download that breaks off is continued, and old versions go', async () => {
    served.set('tool_4.raw', image('4', 'ID=_any\n'));
    list();
    breaks = 1;
    const { stderr } = succeeded(await machine.call('update --log-level=debug'));
    expect(stderr).toMatch(/Removed '.*tool_1\.raw'\.\n/);
    expect(versions()).toEqual(['tool_2.raw', 'tool_4.raw']);
  });

  test('two updates at the same time do it once', async () => {
    served.set('tool_4.1.raw', image('4.1', 'ID=_any\n'));
    list();
    const both = await Promise.all([machine.call('update'), machine.call('update')]);
    const said = both.map((one) => succeeded(one).stderr).join('');
    expect(said.match(/^Updated 'tool' from version 4 to 4\.1\.$/gm)).toHaveLength(1);
    expect(said.match(/^'tool' is up to date/gm)).toHaveLength(1);
    expect(versions()).toEqual(['tool_4.1.raw', 'tool_4.raw']);
  });

  test('--now merges what an earlier call has only installed, and is quiet when that is done', async () => {
    expect(machine.read('usr/share/tool')).toBe('2\n');
    const upToDate = "'tool' is up to date: there is nothing newer than version 4.1.\n";
    const { stderr } = succeeded(await machine.call('update --now'));
    expect(stderr).toMatch(
      /^'tool' is up to date.*\nUsing extensions 'tool_4\.1\.raw'\.\nUnmerged '.*'\.\nMerged /,
    );
    expect(machine.read('usr/share/tool')).toBe('4.1\n');
    expect(succeeded(await machine.call('update --now')).stderr).toContain(upToDate);
    // Neither what is ignored nor that nothing has changed is said each time.
    buildTree(machine.root, extension('other', { release: 'ID=gentoo\n' }));
    expect(succeeded(await machine.call('update --now')).stderr).toMatch(/^.*\n$/);
    expect(succeeded(await machine.call('update --now --log-level=debug')).stderr).toMatch(
      /'other'.*ID=gentoo/,
    );
    succeeded(await machine.call('unmerge'));
    expect(succeeded(await machine.call('update --now')).stderr).toMatch(
      /\nMerged extensions into '.*'\.\n$/,
    );
    rmSync(machine.at('/var/lib/extensions/other'), { recursive: true });
  });

  test('a version that was rolled back is that version, and is not fetched again', async () => {
    succeeded(await machine.call('rollback tool'));
    expect(versions()).toEqual(['tool_4.1+0.raw', 'tool_4.raw']);
    const { status, stdout } = await machine.call('update --check');
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: 'NAME INSTALLED NEWER STATE\ntool 4.1       -     up to date\n',
    });
    const updated = succeeded(await machine.call('update --json=short'));
    expect(updated.stderr).toBe("'tool' is up to date: there is nothing newer than version 4.1.\n");
    expect(readUpdate(updated.stdout)).toMatchObject({
      components: [{ installed: '4.1', state: 'current' }],
    });
    expect(versions()).toEqual(['tool_4.1+0.raw', 'tool_4.raw']);
    succeeded(await machine.call('rollback tool 4.1'));
  });

  test('a file that is not the listed one is refused', async () => {
    served.set('tool_5.raw', image('5', 'ID=_any\n'));
    list();
    served.set('tool_5.raw', Buffer.alloc(4096));
    publish();
    const { status, stderr } = await machine.call('update');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^Cannot use 'tool_5\.raw': its checksum is [0-9a-f]{64}, and should be/),
    });
    expect(versions()).toEqual(['tool_4.1.raw', 'tool_4.raw']);
  });

  test('what fails is told before the merge of the others, and what is merged stays', async () => {
    served.set('also_1.raw', Buffer.from('1'));
    served.set('tool_5.raw', image('5', 'ID=_any\n'));
    list();
    const also = machine
      .read('etc/sysupdate.tool.d/tool.transfer')!
      .replaceAll('tool_@v', 'also_@v')
      .replace(PLACE, 'var/also');
    buildTree(machine.root, { 'etc/sysupdate.also.d/also.transfer': also });
    served.set('tool_5.raw', Buffer.alloc(4096));
    publish();
    const said = async () => {
      const { status, stderr } = await machine.call('update --now');
      expect(status).toBe(1);
      return stderr.match(/^\S+ \S+/gm)!;
    };
    expect(await said()).toEqual([
      'Cannot use',
      expect.stringMatching(/^Installed .*also/),
      "Updated 'also'",
      'Skipping extension',
    ]);
    served.set('also_2.raw', Buffer.from('2'));
    served.set('tool_6.raw', image('6', 'ID=debian\nVERSION_ID=14\n'));
    list();
    expect(await said()).toEqual([
      expect.stringMatching(/^Installed .*also/),
      "Updated 'also'",
      'Cannot install',
      'Skipping extension',
    ]);
    // There is nothing to refresh.
    expect(await said()).toEqual(["'also' is", 'Cannot install']);
    rmSync(machine.at('/etc/sysupdate.also.d'), { recursive: true });
    expect(versions()).toEqual(['tool_4.1.raw', 'tool_4.raw']);
  });

  test('a list that somebody has changed is refused', async () => {
    served.set('SHA256SUMS', Buffer.concat([served.get('SHA256SUMS')!, Buffer.from('\n')]));
    publish();
    const { status, stderr } = await machine.call('update --check');
    expect(status).toBe(2);
    expect(stderr).toMatch(/SHA256SUMS: its signature is not good/);
  });

  test('a name that nothing is about', async () => {
    const { status, stderr } = await machine.call('update toll');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^No transfer file is about 'toll': there are 'tool'\./);
  });
});

test('what is missing', () => {
  if (missing !== null) console.warn(missing);
});
