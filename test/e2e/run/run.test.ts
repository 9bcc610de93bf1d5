import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { quote } from '../../support/fault.js';
import { confext, extension, HOST, sysextTree } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import type { Finished } from '../../support/namespace.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree, file, type Tree } from '../../support/tree.js';

const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

const script = (text: string) => file(`#!/bin/sh\n${text}\n`, { mode: 0o755 });

/** A program in /usr and a file in /opt. */
const files = (name: string): Tree => ({
  [`usr/bin/${name}`]: script('echo "$0 $*"'),
  [`opt/${name}/file`]: `${name}\n`,
});

asRoot('run', () => {
  let machine: Machine;
  let here: string;
  beforeAll(async () => {
    machine = await Machine.open({
      tree: { ...HOST, ...extension('installed', { files: files('ext-installed') }) },
    });
    here = join(machine.directory, 'images');
    buildTree(here, {
      ...prefixed('tool', sysextTree('tool', { files: files('ext-tool') })),
      ...prefixed('other', sysextTree('other', { files: { 'usr/bin/ext-tool': script('echo other') } })),
      ...prefixed(
        'foreign',
        sysextTree('foreign', { release: 'ID=elsewhere\n', files: files('ext-foreign') }),
      ),
      ...confext('settings', { in: '.', files: { 'etc/ext-settings.conf': 'set\n' } }),
    });
    machine.addImage(
      'squashfs',
      '../images/squash.raw',
      sysextTree('squash', { files: files('ext-squash') }),
    );
  });
  afterAll(() => machine.close());

  const prefixed = (name: string, tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).map(([path, entry]) => [join(name, path), entry]));
  const at = (name: string) => join(here, name);

  /** Runs the program on the root of the namespace. */
  const run = (...words: string[]): Promise<Finished> => machine.call(['run', ...words], { root: null });
  const tool = () => `--with=${at('tool')}`;

  test('the command sees the extensions, nobody else does, and nothing is left', async () => {
    const before = machine.state();
    const code = `ext-tool a 'b c'; cat /opt/ext-tool/file /opt/ext-squash/file /etc/ext-settings.conf
      nsenter --target ${process.pid} --mount sh -c 'type ext-tool >&3 2>&3 || echo hidden'`;
    const finished = await run(
      tool(),
      `--with=${at('squash.raw')}`,
      `--with-confext=${at('settings')}`,
      '--',
      'sh',
      '-c',
      `exec 3>/dev/null; ${code}`,
    );
    expect(finished).toEqual({
      status: 0,
      stdout: '/usr/bin/ext-tool a b c\next-tool\next-squash\nset\nhidden\n',
      stderr: '',
    });
    await machine.expectState(before);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(machine.directory);
  });

  test('of two that have the same file, the one is seen that a merge would show', async () => {
    expect((await run(tool(), `--with=${at('other')}`, '--', 'ext-tool')).stdout).toBe(
      '/usr/bin/ext-tool \n',
    );
  });

  test('standard input is that of the command, and so are status and environment', async () => {
    const words = [...programCommand(), 'run', tool(), '--', 'sh', '-c', 'cat; env | grep SYSEXT_; exit 7'];
    const finished = await machine.namespace.run(words, { env: ENVIRONMENT, input: 'from outside' });
    expect(finished).toEqual({ status: 7, stdout: 'from outside', stderr: '' });
  });

  test('the command begins in the working directory as it is merged', async () => {
    const call = [...programCommand(), 'run', tool(), '--', 'sh', '-c', 'pwd; ls ext-tool']
      .map(quote)
      .join(' ');
    const finished = await machine.namespace.run(['sh', '-c', `cd /usr/bin; exec ${call}`], {
      env: ENVIRONMENT,
    });
    expect(finished).toEqual({ status: 0, stdout: '/usr/bin\next-tool\n', stderr: '' });
  });

  test.each([
    [127, ['no-such-command'], "Cannot run 'no-such-command': there is no such command.\n"],
    [126, ['/etc/passwd'], "Cannot run '/etc/passwd': '/etc/passwd' may not be executed.\n"],
    [126, ['/usr/bin'], "Cannot run '/usr/bin': '/usr/bin' may not be executed.\n"],
  ])('the exit status is %i for %j', async (status, command, stderr) => {
    expect(await run(tool(), '--', ...command)).toEqual({ status, stdout: '', stderr });
  });

  test.each([
    ['no extension', [], /^Nothing to merge: name an image, .* with --with=; or add --writable, .*\.\n$/],
    ['no such image', ['--with=/no/such'], /^There is no file '\/no\/such', and/],
    [
      'two of the same name',
      ['--with=TOOL', '--with=TOOL'],
      /are both called 'tool'.*rename one of them\.\n$/,
    ],
    ['--keep= alone', ['--with=TOOL', '--keep=x'], /^With --keep= .* add --writable\.\n$/],
    [
      'a directory that is full',
      ['--with=TOOL', '--writable', '--keep=TOOL'],
      /there is something in it already/,
    ],
    ['a directory nowhere', ['--with=TOOL', '--writable', '--keep=/no/such'], /would be in does not exist/],
    [
      'a directory that is merged',
      ['--with=TOOL', '--writable', '--keep=/usr/new'],
      /in a hierarchy that is merged/,
    ],
    ['an unknown option', ['--wiht=TOOL'], /^Unknown option '--wiht'/],
    [
      'an option of a merge',
      ['--with=TOOL', '--mutable=yes'],
      /--mutable= does nothing for the command 'run'/,
    ],
  ])('the exit status is 125 for %s', async (_, words, said) => {
    const finished = await run(...words.map((word) => word.replace('TOOL', at('tool'))), '--', 'echo', 'ran');
    expect(finished).toMatchObject({ status: 125, stdout: '', stderr: expect.stringMatching(said) });
  });

  test('what does not fit is told and refused, but with --force', async () => {
    const foreign = `--with=${at('foreign')}`;
    const { status, stdout, stderr } = await run(tool(), foreign, '--', 'ext-foreign');
    expect({ status, stdout }).toEqual({ status: 125, stdout: '' });
    expect(stderr).toMatch(/^Ignoring extension 'foreign' .*ID=elsewhere/);
    expect(stderr).toContain(
      "'foreign' does not fit, so the command was not run; --force runs it all the same.\n",
    );
    expect(await run(foreign, '--force', '--', 'ext-foreign')).toMatchObject({ status: 0, stderr: '' });
  });

  describe('signals', () => {
    /** Starts the program in the background of a shell; sends it a signal when the command is at work. */
    const signalled = (signal: string, code: string) => {
      const call = [...programCommand(), 'run', tool(), '--', 'sh', '-c', code].map(quote).join(' ');
      const ready = join(machine.directory, `ready-${signal}`);
      return machine.namespace.run(
        [
          'setsid',
          'bash',
          '-c',
          `READY=${quote(ready)} ${call} & until [ -e ${quote(ready)} ]; do sleep 0.02; done; kill -${signal} $!; wait $!`,
        ],
        { env: ENVIRONMENT },
      );
    };

    test.each(['TERM', 'HUP', 'USR1'])(
      'SIG%s is passed on to the command, which does what it wants',
      async (signal) => {
        const code = `trap 'echo got it; exit 3' ${signal}; >"$READY"; while :; do sleep 0.02; done`;
        expect(await signalled(signal, code)).toEqual({ status: 3, stdout: 'got it\n', stderr: '' });
      },
    );

    test('one that kills the command gives 128 and its number', async () => {
      const { status } = await signalled('QUIT', '>"$READY"; exec sleep 20');
      expect(status).toBe(128 + constants.signals.SIGQUIT);
    });
  });

  describe('writing', () => {
    test('is refused by default', async () => {
      expect((await run(tool(), '--', 'touch', '/usr/bin/new')).stderr).toMatch(/Read-only file system/);
    });

    test('goes to memory with --writable', async () => {
      const code = 'echo new >/usr/bin/ext-new; rm /usr/bin/ext-tool; ls /usr/bin/ext-*';
      expect(await run(tool(), '--writable', '--', 'sh', '-c', code)).toMatchObject({
        stdout: '/usr/bin/ext-new\n',
      });
      expect(existsSync('/usr/bin/ext-new')).toBe(false);
      expect(readdirSync(at('tool/usr/bin'))).toEqual(['ext-tool']);
    });

    test('is saved with --keep=, as an extension that is one', async () => {
      const kept = at('kept');
      const code = 'printf "#!/bin/sh\\necho kept\\n" >/usr/bin/ext-kept; chmod +x /usr/bin/ext-kept';
      const { status, stderr } = await run(tool(), '--writable', `--keep=${kept}`, '--', 'sh', '-c', code);
      expect({ status, stderr }).toEqual({
        status: 0,
        stderr: `What the command has changed in '/usr' is in '${kept}'.\n`,
      });
      expect(readdirSync(kept, { recursive: true })).toHaveLength(6);
      expect(await run(`--with=${kept}`, '--', 'ext-kept')).toEqual({
        status: 0,
        stdout: 'kept\n',
        stderr: '',
      });
    });
  });

  test('without an extension the command may change what the host has, and that is saved as one', async () => {
    const kept = at('patched');
    const words = ['--writable', `--keep=${kept}`, '--', 'sh', '-c'];
    const code = 'echo patched >/usr/bin/env; cat /usr/bin/env; rm /usr/bin/sort';
    expect(await run(...words, code)).toEqual({
      status: 0,
      stdout: 'patched\n',
      stderr: `What the command has changed in '/usr' is in '${kept}'.\n`,
    });
    expect(readFileSync('/usr/bin/env').length).toBeGreaterThan(1000);
    expect(readFileSync(join(kept, 'usr/bin/env'), 'utf8')).toBe('patched\n');
    // A whiteout.
    expect(lstatSync(join(kept, 'usr/bin/sort'))).toMatchObject({ rdev: 0 });
    expect(lstatSync(join(kept, 'usr/bin/sort')).isCharacterDevice()).toBe(true);
  });

  test('where --keep= leads to an overlay, as in a container, all but the removals is saved', async () => {
    const directories = ['lower', 'upper', 'work', 'overlay'].map(at);
    for (const path of directories) mkdirSync(path);
    const [lower, upper, work, overlay] = directories as [string, string, string, string];
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    await machine.namespace.must(['mount', '-t', 'overlay', '-o', options, 'overlay', overlay]);
    const code = 'echo new >/usr/share/ext-new; rm /usr/bin/ext-tool /opt/ext-tool/file';
    const kept = join(overlay, 'kept');
    const finished = await run(tool(), '--writable', `--keep=${kept}`, '--', 'sh', '-c', code);
    const found = await machine.namespace.must(['find', kept, '!', '-type', 'd', '-printf', '%P\\n']);
    await machine.namespace.must(['umount', overlay]);
    expect(finished).toEqual({
      status: 0,
      stdout: '',
      stderr: `What the command has changed in '/usr', '/opt' is in '${kept}'.
The removal of '/usr/bin/ext-tool', '/opt/ext-tool/file' is not saved: the file system of '${kept}' does not take the marks for it, as no overlay does; name a directory on another one.
`,
    });
    expect(found.trim().split('\n').sort()).toEqual([
      'usr/lib/extension-release.d/extension-release.kept',
      'usr/share/ext-new',
    ]);
  });

  test('an image is unpacked where there are no loop devices, as in a container', async () => {
    const call = [...programCommand(), 'run', `--with=${at('squash.raw')}`, '--', 'ext-squash'];
    const without = 'mount -t tmpfs -o mode=0755 tmpfs /dev; mknod -m 666 /dev/null c 1 3';
    const script = `set -e; ${without}; ${call.map(quote).join(' ')}`;
    const finished = await machine.namespace.run(['unshare', '--mount', 'sh', '-c', script], {
      env: ENVIRONMENT,
    });
    expect(finished).toEqual({ status: 0, stdout: '/usr/bin/ext-squash \n', stderr: '' });
  });

  test('what both classes have written is an extension of both', async () => {
    const kept = at('both');
    const words = [tool(), `--with-confext=${at('settings')}`, '--writable', `--keep=${kept}`];
    const finished = await run(
      ...words,
      '--',
      'sh',
      '-c',
      'echo 1 >/usr/share/ext-one; echo 2 >/etc/ext-two',
    );
    expect(finished).toMatchObject({ status: 0, stderr: expect.stringContaining("in '/usr', '/etc' is in") });
    const again = [`--with=${kept}`, `--with-confext=${kept}`];
    expect((await run(...again, '--', 'cat', '/usr/share/ext-one', '/etc/ext-two')).stdout).toBe('1\n2\n');
  });

  describe('below another root', () => {
    beforeAll(async () => {
      for (const name of ['proc', 'dev', 'home']) mkdirSync(join(machine.root, name));
      for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(machine.root, name));
      const { namespace, root } = machine;
      mkdirSync(join(root, 'etc'));
      await namespace.must(['cp', join(root, 'usr/lib/os-release'), join(root, 'etc')]);
      await namespace.must(['mount', '--bind', '/usr', join(root, 'usr')]);
    });

    test('the command has that as its root, and sees what is installed there by name', async () => {
      const before = machine.mounts();
      const code = 'pwd; ext-installed; ls -d /proc/self /dev/null; cat /etc/os-release';
      const finished = await machine.call(['run', '--with=installed', '--', 'sh', '-c', code]);
      expect(finished).toEqual({
        status: 0,
        stdout: '/\n/usr/bin/ext-installed \n/dev/null\n/proc/self\nID=debian\nVERSION_ID=13\n',
        stderr: '',
      });
      expect(machine.mounts()).toEqual(before);
    });

    test('a command that is only on the machine is not found', async () => {
      const finished = await machine.call([
        'run',
        '--with=installed',
        '--',
        join(at('tool'), 'usr/bin/ext-tool'),
      ]);
      expect(finished).toMatchObject({
        status: 127,
        stderr: expect.stringContaining(`below '${machine.root}'`),
      });
    });
  });

  test('what is merged on the machine is still seen', async () => {
    const merged = ['sh', '-c', `cat /opt/ext-installed/file; ext-tool`];
    const before = machine.mounts();
    const result = await machine.namespace.run(
      [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `mkdir -p /run/extensions; cp -a ${quote(join(machine.root, 'var/lib/extensions/installed'))} /run/extensions
         ${[...programCommand(), 'merge', '--no-reload'].map(quote).join(' ')} 2>/dev/null
         ${[...programCommand(), 'run', tool(), '--', ...merged].map(quote).join(' ')}; rm -r /run/extensions`,
      ],
      { env: ENVIRONMENT },
    );
    expect(result).toEqual({ status: 0, stdout: 'ext-installed\n/usr/bin/ext-tool \n', stderr: '' });
    expect(machine.mounts()).toEqual(before);
  });
});
