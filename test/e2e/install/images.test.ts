import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { killAfter, killBefore } from '../../support/fault.js';
import { HOST } from '../../support/fixtures.js';
import { HttpServer, redirect } from '../../support/http-server.js';
import { Machine, type State } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { failed, failedWith, succeeded } from '../../support/outcome.js';
import { programCommand } from '../../support/program.js';
import { ServedFile } from '../../support/served-file.js';
import { until } from '../../support/until.js';
import { released, versionsOf } from './installed.js';

const missing =
  process.getuid?.() === 0
    ? provide({ mksquashfs: 'squashfs-tools', veritysetup: 'cryptsetup-bin' })
    : 'only root mounts images';

(missing === null ? describe : describe.skip)(`image files${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  let server: HttpServer;
  const at = (file: string) => join(machine.root, 'images', file);
  const installed = (path = '') => {
    const directory = machine.at(`/var/lib/extensions/${path}`);
    return existsSync(directory) ? readdirSync(directory).sort() : [];
  };
  // Where others look into images at the same time, they would be taken for killed.
  const temporary = () => ({ TMPDIR: machine.directory });
  const install = (...words: string[]) => machine.call(['install', ...words]);

  beforeAll(async () => {
    server = await HttpServer.open();
    machine = await Machine.open({ tree: HOST });
    for (const file of ['foo_1.raw', 'foo_2.raw', 'foo_3.raw', 'bar.raw'])
      machine.addImage('squashfs', `images/${file}`, released(file));
    machine.addImage(
      'squashfs',
      'images/old_1.raw',
      released('old_1.raw', { release: 'ID=debian\nVERSION_ID=12\n' }),
    );
    const release = 'ID=_any\nSYSEXT_VERSION_ID=7.1\n';
    machine.addImage('squashfs', 'images/said.raw', released('said.raw', { release }));
    for (const file of ['foo_2.raw', 'foo_3.raw']) server.files.set(`/${file}`, readFileSync(at(file)));
  });
  afterAll(async () => {
    await machine.close();
    await server.close();
  });

  test('the version of the file name, of the release file, of the option, or none', async () => {
    succeeded(await install(at('foo_1.raw')));
    succeeded(await install(at('said.raw')));
    succeeded(await install(at('bar.raw')));
    expect(await versionsOf(machine)).toEqual(['bar - picked', 'foo 1 picked', 'said 7.1 picked']);
    expect(succeeded(await install(at('bar.raw'))).stderr).toMatch(/^'bar' is installed already/);
    expect(succeeded(await install(at('foo_1.raw'))).stderr).toMatch(
      /^Version 1 of 'foo' is installed already/,
    );
    // Which of both would be found?
    expect(failedWith(await install(at('bar.raw'), '--version-as=5'))).toMatch(
      /bar\.raw' has the name 'bar' as well.*; remove it first\. Nothing was changed\.$/,
    );
    succeeded(await machine.call('remove bar'));
    succeeded(await install(at('bar.raw'), '--version-as=5'));
    expect(failedWith(await install(at('bar.raw')))).toMatch(
      /; say it with --version-as=\. Nothing was changed\.$/,
    );
    for (const name of ['bar', 'said']) succeeded(await machine.call(['remove', name]));
    succeeded(await machine.call('refresh'));
    expect(machine.read('/usr/share/foo')).toBe('foo_1.raw\n');
  });

  describe('what is refused, changes nothing', () => {
    let before: State;
    beforeAll(() => {
      writeFileSync(at('text_1.raw'), 'no image\n');
      writeFileSync(at('foo_1.raw.xz'), 'x');
      writeFileSync(at('cut_1.raw'), readFileSync(at('foo_1.raw')));
      truncateSync(at('cut_1.raw'), 1000);
      writeFileSync(at('.#a_1.raw'), '');
      mkdirSync(join(machine.directory, 'other'));
      writeFileSync(join(machine.directory, 'other/foo_1.raw'), readFileSync(at('foo_2.raw')));
      before = machine.state();
    });

    test.each<[string, () => string[], RegExp]>([
      [
        'no such file',
        () => [at('none_1.raw')],
        /^There is no file or directory '.*none_1\.raw'; name an image/,
      ],
      ['nothing', () => [''], /^There is no file or directory ''/],
      ['a device', () => ['/dev/null'], /neither a directory nor a regular file/],
      ['compressed', () => [at('foo_1.raw.xz')], /does not end in \.raw.*; unpack it/],
      [
        'a name of temporary files',
        () => [at('.#a_1.raw')],
        /^'\.#a' cannot be the name of an extension: it is a temp/,
      ],
      ['text', () => [at('text_1.raw')], /^Cannot install '.*text_1\.raw': .*text/],
      ['not whole', () => [at('cut_1.raw')], /^Cannot install '.*cut_1\.raw': /],
      [
        'for another system',
        () => [at('old_1.raw')],
        /it is for VERSION_ID=12.*--force\. Nothing was changed\.$/,
      ],
      [
        'another checksum',
        () => [at('foo_2.raw'), `--sha256=${'0'.repeat(64)}`],
        /has the checksum [0-9a-f]{64}, and not 0{64};/,
      ],
      [
        'unprotected',
        () => [at('foo_2.raw'), '--image-policy=root=verity'],
        /^Cannot install '.*foo_2\.raw': .*policy/,
      ],
      [
        'the same version',
        () => [join(machine.directory, 'other/foo_1.raw')],
        /^Version 1 of 'foo' is installed already/,
      ],
      [
        'no server',
        () => ['http://127.0.0.1:1/foo_2.raw'],
        /^Failed to download 'http:\/\/127\.0\.0\.1:1\/SHA256SUMS': /,
      ],
      [
        'another protocol',
        () => ['ftp://127.0.0.1/foo_2.raw'],
        /^Failed to download .*'ftp' is neither http nor https/,
      ],
      ['not on the server', () => [server.url('/nothing_1.raw')], /the server answers with status 404/],
      [
        'too large',
        () => [server.url('/foo_2.raw'), '--max-size=1K'],
        /larger than 1 KiB; allow more with --max-size=/,
      ],
      ['no file name', () => [server.url('/')], /does not end in \.raw/],
      ['a path in the name', () => [server.url('/..%2F..%2Fa_1.raw')], /^'\.\.\/\.\.\/a' cannot be the name/],
      [
        'a control character',
        () => [server.url('/a%1b_1.raw')],
        /^'a\\x1b' cannot be the name of an extension/,
      ],
    ])('%s', async (_, words, message) => {
      const { stderr, ...more } = await install(...words());
      const lines = stderr.split('\n').filter((line) => !line.includes('with no checksum'));
      expect(failedWith({ ...more, stderr: lines.join('\n') })).toMatch(message);
      await machine.expectState(before);
    });
  });

  test('--force installs what does not fit, and says so', async () => {
    expect(succeeded(await install(at('old_1.raw'), '--force')).stderr).toMatch(
      /old_1\.raw' is installed because of --force only: it is for VERSION_ID=12/,
    );
    succeeded(await machine.call('remove old'));
  });

  test('what protects an image is installed with it, and goes with it', async () => {
    const tree = at('foo_2.verity');
    const said = await machine.namespace.must(['veritysetup', 'format', at('foo_2.raw'), tree]);
    writeFileSync(at('foo_2.roothash'), /^Root hash:\s+(\w+)$/m.exec(said)![1]!);
    succeeded(await install(at('foo_2.raw'), '--image-policy=root=verity', '--now'));
    expect(machine.read('/usr/share/foo')).toBe('foo_2.raw\n');
    const files = (version: string) => ['raw', 'roothash', 'verity'].map((end) => `foo_${version}.${end}`);
    expect(installed('foo.raw.v')).toEqual(['foo_1.raw', ...files('2')]);
    succeeded(await machine.call('rollback foo'));
    expect(installed('foo.raw.v')).toEqual([...files('2+0'), 'foo_1.raw'].sort());
    succeeded(await machine.call('rollback foo 2'));
    expect(installed('foo.raw.v')).toEqual(['foo_1.raw', ...files('2')]);
    succeeded(await machine.call('remove foo 2 --now'));
    expect(installed('foo.raw.v')).toEqual(['foo_1.raw']);
    // Beside an image without version they would be exchanged one after the other.
    const plain = join(machine.root, 'var/lib/extensions/bar');
    writeFileSync(`${plain}.raw`, readFileSync(at('foo_1.raw')));
    writeFileSync(`${plain}.roothash`, 'f'.repeat(64));
    expect(failedWith(await install(at('bar.raw')))).toMatch(
      /^Cannot put another image in place of '.*\/bar\.raw': .*; remove it first, or say the version/,
    );
    // What a call that was killed has left of an image that is gone, is nobody's.
    rmSync(`${plain}.raw`);
    succeeded(await install(at('bar.raw')));
    expect(installed()).toEqual(['bar.raw', 'foo.raw.v']);
    succeeded(await machine.call('remove bar'));
    for (const end of ['verity', 'roothash']) renameSync(at(`foo_2.${end}`), at(`x.${end}`));
  });

  describe('over http', () => {
    const checksum = (file: string) =>
      createHash('sha256')
        .update(readFileSync(at(file)))
        .digest('hex');
    const url = (path: string) => server.url(path);

    test('with the checksums beside it, which must name it, and say what it is', async () => {
      server.files.set('/SHA256SUMS', `${'0'.repeat(64)}  foo_2.raw\n`);
      expect(failedWith(await install(url('/foo_2.raw')))).toMatch(/has the checksum .*, and not 0{64};/);
      expect(failedWith(await install(url('/foo_3.raw')))).toMatch(
        /^'http:.*\/SHA256SUMS' has no checksum of 'foo_3\.raw'; .*--sha256=\. Nothing was changed\.$/,
      );
      server.files.set('/SHA256SUMS', `${checksum('foo_2.raw')} *foo_2.raw\n`);
      succeeded(await install(url('/foo_2.raw'), '--now'));
      expect(machine.read('/usr/share/foo')).toBe('foo_2.raw\n');
      expect(machine.mounts().every(({ options }) => options.includes('ro'))).toBe(true);
      succeeded(await install(url('/foo_3.raw'), `--sha256=${checksum('foo_3.raw').toUpperCase()}`));
      succeeded(await machine.call('remove foo 3'));
      server.files.delete('/SHA256SUMS');
    });

    test('through redirections, by the name that was asked for; without checksums that is said', async () => {
      server.files.set('/latest/foo_3.raw', redirect('/foo_3.raw'));
      expect(succeeded(await install(url('/latest/foo_3.raw'))).stderr).toMatch(
        /^There is no 'http:.*\/latest\/SHA256SUMS', so the download is compared with no checksum\.$/m,
      );
      expect(await versionsOf(machine, 'foo')).toContain('foo 3 picked');
      succeeded(await machine.call('remove foo 3'));
    });

    /** A server that stops in the middle. @returns when it is asked */
    function stallAt(path: string, headers: Record<string, string> = {}): Promise<void> {
      return new Promise((resolve) => {
        server.files.set(path, (_, response) => {
          response.writeHead(200, headers);
          response.write(readFileSync(at('foo_3.raw')).subarray(0, 1000), () => resolve());
        });
      });
    }

    async function endAt(signal: string, headers: Record<string, string> = {}): Promise<Finished> {
      const reached = stallAt('/stall/foo_3.raw', headers);
      // By sh(1), which tells its number and becomes the program.
      const pidFile = join(machine.directory, 'pid');
      const words = [...programCommand(), `--root=${machine.root}`, 'install', url('/stall/foo_3.raw')];
      const running = machine.namespace.run(['sh', '-c', `echo $$ >${pidFile}; exec "$@"`, 'sh', ...words]);
      await reached;
      await until('something to be staged', () => sizes().includes(1000));
      process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
      return running;
    }

    const stages = () => installed('foo.raw.v').filter((name) => name.startsWith('.#sysext-'));
    const sizes = () =>
      stages().map((name) => {
        const part = machine.at(`/var/lib/extensions/foo.raw.v/${name}/.part`);
        return existsSync(part) ? statSync(part).size : 0;
      });

    test('a signal ends it, and nothing is left that cannot be continued', async () => {
      const before = machine.state();
      expect((await endAt('SIGTERM')).status).toBe(143);
      await machine.expectState(before);
    });

    test('what a killed one leaves is taken by no merge, named by doctor, and goes with the next', async () => {
      const left = async () => {
        expect((await endAt('SIGKILL')).status).toBe(137);
        expect(stages()).toHaveLength(1);
      };
      await left();
      expect(await versionsOf(machine, 'foo')).toEqual(['foo 2 picked merged', 'foo 1 not-picked']);
      expect(succeeded(await machine.call('refresh')).stderr).toMatch(/^Skipping extension refresh/);
      const told = await machine.call('doctor', { env: temporary() });
      expect(told.stdout).toContain(`${stages()[0]}', of a call that was killed while it installed`);
      expect((await machine.call('doctor --fix', { env: temporary() })).stdout).toMatch(
        /^Removed '.*\/foo\.raw\.v\/\.#sysext-/,
      );
      expect(stages()).toEqual([]);
      await left();
      succeeded(await machine.call('disable foo'));
      expect(stages()).toEqual([]);
      succeeded(await machine.call('enable foo'));
    });

    test.each(['SIGTERM', 'SIGKILL'])(
      'what %s interrupts is kept, and the same call goes on',
      async (signal) => {
        const before = machine.state();
        const { stderr } = await endAt(signal, { ETag: '"3"' });
        const kept =
          /^1000 B of 'foo_3\.raw' are kept for a week in '.*'; the same command goes on from there\.$/m;
        if (signal === 'SIGTERM') expect(stderr).toMatch(kept);
        expect(sizes()).toEqual([1000]);
        // Nobody takes it for an image, and no other change takes it away.
        expect(await versionsOf(machine, 'foo')).toEqual(['foo 2 picked merged', 'foo 1 not-picked']);
        succeeded(await machine.call('disable foo'));
        succeeded(await machine.call('enable foo'));
        expect(succeeded(await machine.call('doctor', { env: temporary() })).stdout).toContain(
          'Nothing is left',
        );
        expect(sizes()).toEqual([1000]);

        const served = new ServedFile(readFileSync(at('foo_3.raw')));
        served.etag = '"3"';
        server.files.set('/stall/foo_3.raw', served.handler);
        const again = succeeded(await install(url('/stall/foo_3.raw')));
        expect(again.stderr).toContain("Going on with the download of 'foo_3.raw' after 1000 B.\n");
        expect(served.heard).toMatchObject([{ range: 'bytes=1000-', 'if-range': '"3"' }]);
        expect(await versionsOf(machine, 'foo')).toContain('foo 3 picked');
        succeeded(await machine.call('remove foo 3'));
        await machine.expectState(before);
      },
    );

    test('what the server has exchanged meanwhile begins anew; so does what was damaged', async () => {
      await endAt('SIGTERM', { ETag: '"2"' });
      const served = new ServedFile(readFileSync(at('foo_3.raw')));
      served.etag = '"3"';
      server.files.set('/stall/foo_3.raw', served.handler);
      expect(succeeded(await install(url('/stall/foo_3.raw'))).stderr).not.toContain('Going on');
      succeeded(await machine.call('remove foo 3'));

      server.files.set('/stall/SHA256SUMS', `${checksum('foo_3.raw')}  foo_3.raw\n`);
      await endAt('SIGKILL');
      const part = machine.at(`/var/lib/extensions/foo.raw.v/${stages()[0]}/.part`);
      writeFileSync(part, Buffer.alloc(1000));
      server.files.set('/stall/foo_3.raw', served.handler);
      expect(succeeded(await install(url('/stall/foo_3.raw'))).stderr).toContain('after 1000 B.\n');
      expect(served.ranges).toEqual(['bytes=1000-', 'bytes=1000-', undefined]);
      succeeded(await machine.call('remove foo 3'));
      expect(stages()).toEqual([]);
    });

    test('a server that breaks off is asked for the rest; if it gives up, the next call goes on', async () => {
      const served = new ServedFile(readFileSync(at('foo_3.raw')));
      server.files.set('/stall/foo_3.raw', served.handler);
      served.breaks = [500, 100];
      succeeded(await install(url('/stall/foo_3.raw')));
      expect(served.ranges).toEqual([undefined, 'bytes=500-', 'bytes=600-']);
      succeeded(await machine.call('remove foo 3'));
      served.breaks = [500, 0, 0, 0, 0];
      expect(failed(await install(url('/stall/foo_3.raw')))).toEqual([
        "Going on with the download of 'foo_3.raw' after 500 B.",
        expect.stringMatching(/^500 B of 'foo_3\.raw' are kept for a week in '/),
        expect.stringMatching(/^Failed to download 'http:.*': [^.]*\. Nothing was changed\.$/),
      ]);
      expect(sizes()).toEqual([500]);
      succeeded(await install(url('/stall/foo_3.raw')));
      succeeded(await machine.call('remove foo 3'));
      expect(stages()).toEqual([]);
    });
  });

  test('killed before or after any program that it calls, the next merge takes what it took before or the new one', async () => {
    const faults = machine.faults();
    succeeded(await machine.call(['install', at('foo_3.raw'), '--now'], { faults }));
    const calls = faults.calls().length;
    expect(calls).toBeGreaterThan(5);
    succeeded(await machine.call('remove foo 3 --now'));
    // Each second one, in turn before and after it.
    for (let number = 1; number <= calls; number += 2) {
      const kill = number % 4 < 2 ? killBefore : killAfter;
      faults.plan({ [number]: kill });
      const killed = await machine.call(['install', at('foo_3.raw'), '--now'], { faults });
      expect([0, 137]).toContain(killed.status);
      succeeded(await machine.call('refresh'));
      expect(machine.read('/usr/share/foo')).toMatch(/^foo_[23]\.raw\n$/);
      if (installed('foo.raw.v').includes('foo_3.raw')) succeeded(await machine.call('remove foo 3 --now'));
      else succeeded(await machine.call('enable foo'));
      expect(installed()).toEqual(['foo.raw.v']);
      expect(installed('foo.raw.v')).toEqual(['foo_1.raw', 'foo_2.raw']);
    }
  });
});
