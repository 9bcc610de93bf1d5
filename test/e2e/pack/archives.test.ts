import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { nativeArchitecture } from '../../../src/host/architecture.js';
import { findCommand, provide } from '../../support/debian.js';
import { HOST } from '../../support/fixtures.js';
import { type Finished, inNamespace } from '../../support/namespace.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { type Header, tarBytes } from '../../support/tar-bytes.js';
import { buildTree, directory, file, type Tree } from '../../support/tree.js';
import { PREFIX } from '../leftovers.js';

const missing =
  provide({ mksquashfs: 'squashfs-tools', xz: 'xz-utils', zstd: 'zstd' }) ??
  (findCommand('apt-get') === null || findCommand('dpkg-deb') === null
    ? 'missing: apt and dpkg, of Debian'
    : null);
const onDebian = missing === null ? describe : describe.skip;

const isRoot = process.getuid?.() === 0;

const ARCHITECTURE = nativeArchitecture() === 'x86-64' ? 'amd64' : nativeArchitecture();

onDebian(missing ?? 'pack of archives', () => {
  let place: string;
  beforeAll(() => {
    place = realpathSync(mkdtempSync(join(tmpdir(), PREFIX)));
  });
  afterAll(() => rmSync(place, { recursive: true }));
  const at = (...parts: string[]) => join(place, ...parts);

  const pack = (...words: string[]): Promise<Finished> =>
    inNamespace((namespace) =>
      namespace.run([...programCommand(), 'pack', '--id=_any', '--format=directory', ...words], {
        env: { ...ENVIRONMENT, TMPDIR: place },
        timeout: 60_000,
      }),
    );
  let outputs = 0;
  /** @returns the files of what was made, but the release file */
  async function packed(...words: string[]): Promise<{ files: string[]; root: string; stderr: string }> {
    outputs += 1;
    const root = at(`out-${outputs}`);
    const { stderr } = succeeded(await pack(...words, `--output=${root}`));
    const files = (readdirSync(root, { recursive: true }) as string[]).filter(
      (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() !== true,
    );
    return { root, stderr, files: files.filter((path) => !path.includes('extension-release')).sort() };
  }

  const tar = (name: string, entries: readonly Header[]): string => {
    writeFileSync(at(name), tarBytes(entries));
    return at(name);
  };
  const ENTRIES: readonly Header[] = [
    { path: './usr/bin/a', content: 'a', mode: 0o755 },
    { path: './var/b', content: 'b' },
    { path: './etc/c.conf', content: 'c' },
  ];

  describe('tar', () => {
    test.each([null, 'gzip', 'xz', 'zstd'])('compressed by %s', async (by) => {
      const file = tar('plain.tar', ENTRIES);
      if (by !== null) writeFileSync(at(`tar.${by}`), execFileSync(by, ['-c', file]));
      const { files, stderr } = await packed(by === null ? `--tar=${file}` : at(`tar.${by}`));
      expect(files).toEqual([
        'usr/bin/a',
        expect.stringMatching(/^usr\/lib\/tmpfiles\.d\/10-out-\d+-etc\.conf$/),
        'usr/share/factory/etc/c.conf',
      ]);
      expect(stderr).toContain("'var', because nothing there is merged.");
    });

    test.each<[string, readonly Header[], RegExp]>([
      [
        'an entry that leads out',
        [{ path: '../usr/x' }],
        /^Refused '.*bad\.tar': of its entry '\.\.\/usr\/x', its name leads out/,
      ],
      [
        'one that would be written to the machine through a symlink',
        [{ path: 'usr/a', type: 'symlink', target: '/tmp' }, { path: 'usr/a/x' }],
        /a symlink on the way to it leads out/,
      ],
      ['a device', [{ path: 'usr/a', type: 'character' }], /it is a CharacterDevice\.$/m],
    ])('%s is refused', async (_, entries, said) => {
      const finished = await pack(`--tar=${tar('bad.tar', entries)}`, `--output=${at('refused')}`);
      expect(finished).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(said) });
      expect(readdirSync(place).filter((name) => /refused|pack/.test(name))).toEqual([]);
    });

    test('a release file is written into the tree, not to where a symlink in it leads', async () => {
      mkdirSync(at('outside'));
      const file = tar('symlinks.tar', [
        { path: 'usr/bin/x', content: 'x' },
        { path: 'usr/lib', type: 'symlink', target: at('outside') },
        { path: 'etc/y', content: 'y' },
      ]);
      await pack(`--tar=${file}`, `--output=${at('symlinks')}`);
      expect(readdirSync(at('outside'))).toEqual([]);
    });
  });

  describe('an OCI image', () => {
    const blob = (bytes: Buffer) => {
      const digits = createHash('sha256').update(bytes).digest('hex');
      return {
        digest: `sha256:${digits}`,
        size: bytes.length,
        header: { path: `blobs/sha256/${digits}`, content: bytes },
      };
    };
    const json = (value: unknown) => Buffer.from(JSON.stringify(value));

    function image(name: string, architecture = ARCHITECTURE, spoil = (bytes: Buffer) => bytes): string {
      const layers = [
        tarBytes([...ENTRIES, { path: 'usr/bin/gone', content: 'g' }, { path: 'usr/lib/x/1', content: '1' }]),
        execFileSync('gzip', ['-c'], {
          input: tarBytes([
            { path: 'usr/bin/.wh.gone' },
            { path: 'usr/lib/x/.wh..wh..opq' },
            { path: 'usr/lib/x/2', content: '2' },
          ]),
        }),
      ].map(blob);
      const manifest = blob(
        json({ schemaVersion: 2, layers: layers.map(({ digest, size }) => ({ digest, size })) }),
      );
      const { digest, size } = manifest;
      const index = json({
        schemaVersion: 2,
        manifests: [{ digest, size, platform: { architecture, os: 'linux' } }],
      });
      const blobs = [...layers, manifest].map(({ header }, number) => ({
        ...header,
        content: number === 0 ? spoil(header.content) : header.content,
      }));
      return tar(name, [
        { path: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
        { path: 'index.json', content: index },
        ...blobs,
      ]);
    }

    test('its layers are laid upon each other', async () => {
      const { files } = await packed(image('oci.tar'));
      expect(files.filter((path) => !/etc/.test(path))).toEqual(['usr/bin/a', 'usr/lib/x/2']);
    });

    test('for another architecture it is refused', async () => {
      expect(await pack(image('other.tar', 'pdp11'), `--output=${at('x')}`)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/has no image for the architecture/),
      });
    });

    test('a layer that is not what its digest says is refused', async () => {
      const file = image('spoilt.tar', ARCHITECTURE, (bytes) =>
        Buffer.concat([bytes.subarray(0, -1), Buffer.from('x')]),
      );
      expect(await pack(file, `--output=${at('x')}`)).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/the blob sha256:[0-9a-f]{64} has another content\.$/m),
      });
    });
  });

  describe('Debian packages', () => {
    /** Makes a package in the repository. */
    function make(name: string, depends: string, more: Tree = {}): string {
      buildTree(at(`package-${name}`), {
        'DEBIAN/control': `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n${depends}`,
        'DEBIAN/postinst': file('#!/bin/sh\nset -e\n', { mode: 0o755 }),
        [`usr/share/${name}/file`]: name,
        [`lib/${name}`]: name,
        [`etc/${name}.conf`]: name,
        ...more,
      });
      mkdirSync(at('repository'), { recursive: true });
      execFileSync(
        'dpkg-deb',
        [
          ...(isRoot ? [] : ['--root-owner-group']),
          '--build',
          at(`package-${name}`),
          at(`repository/${name}_1.0_all.deb`),
        ],
        { stdio: 'pipe' },
      );
      return at(`repository/${name}_1.0_all.deb`);
    }

    test('a file: what it has, and not a word about scripts that do nothing', async () => {
      const { files, stderr } = await packed(make('alone', ''));
      expect(files.filter((path) => !/etc/.test(path))).toEqual(['usr/lib/alone', 'usr/share/alone/file']);
      expect(stderr).not.toContain('cripts');
    });

    test('a script that does something is told', async () => {
      const { stderr } = await packed(
        make('scripted', '', { 'DEBIAN/postinst': file('#!/bin/sh\nmkdir -p /srv/x\n', { mode: 0o755 }) }),
        make('silent', ''),
      );
      expect(stderr).toMatch(/^Scripts of packages are not run .*: '[^']*scripted_1\.0_all\.deb'\.$/m);
    });

    test('what a service needs outside of /usr is made before it starts', async () => {
      const { files, root, stderr } = await packed(
        '--service=daemon.service',
        make('daemon', '', {
          'usr/lib/systemd/system/daemon.service': '[Service]\nExecStart=/bin/true\n',
          'usr/lib/sysusers.d/daemon.conf': 'u daemon -\n',
          'etc/init.d/daemon': file('#!/bin/sh\n', { mode: 0o755 }),
          'etc/init.d/other': file('#!/bin/sh\n', { mode: 0o755 }),
          'etc/daemon/conf.d': directory(),
          'etc/daemon/secret': directory({ mode: 0o700 }),
          'etc/daemon/secret/key': 'k',
          'var/lib/daemon': directory(),
          'var/lib/daemon/seed': 's',
          'var/log/daemon': directory(),
        }),
      );
      const read = (path: string) => readFileSync(join(root, path), 'utf8');
      const name = basename(root);
      expect(files).toContain('usr/share/factory/var/lib/daemon/seed');
      expect(read(`usr/lib/tmpfiles.d/10-${name}-etc.conf`).split('\n')).toEqual([
        'C /etc/daemon.conf',
        'd /etc/daemon/conf.d',
        'd /etc/daemon/secret :0700',
        'C /etc/daemon/secret/key',
        'C /etc/init.d/other',
        '',
      ]);
      expect(read(`usr/lib/tmpfiles.d/10-${name}-var.conf`)).toBe(
        'C /var/lib/daemon/seed\nd /var/log/daemon\n',
      );
      const unit = `sysext-prepare-${name}.service`;
      expect(read(`usr/lib/systemd/system/daemon.service.d/10-${name}.conf`)).toBe(
        `[Unit]\nWants=${unit}\nAfter=${unit}\n`,
      );
      expect(read(`usr/lib/systemd/system/${unit}`)).toMatch(
        new RegExp(
          `\nExecStart=systemd-sysusers daemon\\.conf\nExecStart=systemd-tmpfiles --create 10-${name}-etc\\.conf 10-${name}-var\\.conf\n$`,
        ),
      );
      expect(stderr).toContain(
        "Left out of '/etc/init.d': 'daemon', because there is a unit of that name.\n",
      );
      expect(stderr).toContain("Left to systemd-tmpfiles: the directory '/var/log/daemon'.\n");
    });

    (isRoot ? test : test.skip)('what belongs to others is given to them', async () => {
      const { root } = await packed(
        make('owned', '', {
          'var/spool/owned': directory({ uid: 2, gid: 2, mode: 0o2770 }),
          'etc/owned/key': file('k', { gid: 2, mode: 0o640 }),
        }),
      );
      const read = (top: string) =>
        readFileSync(join(root, `usr/lib/tmpfiles.d/10-${basename(root)}-${top}.conf`), 'utf8');
      expect(read('var')).toBe('d /var/spool/owned :2770 :2 :2\n');
      expect(read('etc')).toBe('C /etc/owned.conf\nC /etc/owned/key - :0 :2\n');
    });

    test('a name: downloaded with what it needs and the root does not have', async () => {
      make('wanted', 'Depends: needed, present\n');
      make('needed', '');
      make('present', '');
      const index = readdirSync(at('repository')).map((file) => {
        const path = at('repository', file);
        const control = execFileSync('dpkg-deb', ['--field', path]).toString();
        const sum = createHash('sha256').update(readFileSync(path)).digest('hex');
        return `${control}Filename: ./${file}\nSize: ${statSync(path).size}\nSHA256: ${sum}\n`;
      });
      writeFileSync(at('repository/Packages'), index.join('\n'));
      buildTree(at('root'), {
        ...HOST,
        'etc/apt/sources.list': `deb [trusted=yes] file:${at('repository')} ./\n`,
        'etc/apt/apt.conf.d': directory(),
        'etc/apt/preferences.d': directory(),
        'var/lib/apt/lists/partial': directory(),
        'var/cache/apt/archives/partial': directory(),
        'var/lib/dpkg/status':
          'Package: present\nStatus: install ok installed\nVersion: 1.0\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n',
      });
      execFileSync('apt-get', ['-qq', '-o', `Dir=${at('root')}`, '-o', 'APT::Sandbox::User=root', 'update'], {
        stdio: 'pipe',
      });
      const { files, stderr, root } = await packed('--deb=wanted', `--for-host=${at('root')}`);
      expect(files.filter((path) => !/etc/.test(path))).toEqual([
        'usr/lib/needed',
        'usr/lib/wanted',
        'usr/share/needed/file',
        'usr/share/wanted/file',
      ]);
      expect(stderr).toContain("Downloaded 'needed_1.0_all.deb', 'wanted_1.0_all.deb'.\n");
      expect(readFileSync(join(root, 'usr/share/factory/etc/wanted.conf'), 'utf8')).toBe('wanted');
      const unknown = await pack('--deb=unknown', `--for-host=${at('root')}`, `--output=${at('x')}`);
      expect(unknown).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/^Failed to run apt-get: .*unknown/),
      });
      expect(readdirSync(place).filter((name) => name.startsWith('sysext-pack'))).toEqual([]);
    });
  });
});
