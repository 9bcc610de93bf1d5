import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readChecked } from '../../support/check-schema.js';
import { provide } from '../../support/debian.js';
import { debianTrees, treeCommand } from '../../support/debian-tree.js';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { makeKey } from '../../support/make-ddi.js';
import { IMAGE_TOOLS } from '../../support/make-images.js';
import type { Finished } from '../../support/namespace.js';
import { succeeded } from '../../support/outcome.js';
import { ENVIRONMENT, programCommand } from '../../support/program.js';
import { buildTree, file, symlink, type Tree, whiteout } from '../../support/tree.js';

const missing = provide({
  ...IMAGE_TOOLS,
  veritysetup: 'cryptsetup-bin',
  openssl: 'openssl',
  getfattr: 'attr',
});
const asRoot = process.getuid?.() === 0 && missing === null ? describe : describe.skip;

const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

const UNIT = '[Unit]\nDescription=x\n[Service]\nExecStart=/usr/bin/tool\n';

/** cap_net_bind_service=ep, as setcap(8) writes it. */
const CAPABILITY = '0x0100000200040000000000000000000000000000';

/** A source with all that is difficult; `order` is that in which its files are made. */
const source = (order: (names: string[]) => string[]): Tree => {
  const files: Tree = {
    'usr/bin/tool': file('#!/bin/sh\necho "from the tool"\n', { mode: 0o755 }),
    'usr/bin/set': file('x', { mode: 0o4755 }),
    'usr/share/tool/large': file(Buffer.alloc(300_000, 'abc')),
    'usr/share/tool/with space "and quotes"': 'x',
    'usr/share/tool/long-link': symlink(`../${'tool/../'.repeat(20)}tool/large`),
    'usr/share/host': whiteout(),
    'usr/lib/systemd/system/tool.service': UNIT,
    'opt/tool/file': 'y',
    'etc/tool/50%.conf': 'default\n',
    'etc/tool/a b.conf': 'spaces\n',
    'etc/tool/link': symlink('50%.conf'),
    'var/lib/tool/state': 'z',
    ...Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`usr/share/tool/many/${index}`, `${index}`]),
    ),
  };
  return Object.fromEntries(order(Object.keys(files)).map((name) => [name, files[name]!]));
};

asRoot(missing ?? 'pack', () => {
  let machine: Machine;
  let key: ReturnType<typeof makeKey>;
  const at = (...parts: string[]) => join(machine.directory, ...parts);

  beforeAll(async () => {
    machine = await Machine.open({
      tree: {
        ...HOST,
        'usr/share/host': 'host\n',
        'usr/bin/sh': file('', { mode: 0o755 }),
        'usr/bin/systemd-tmpfiles': file('', { mode: 0o755 }),
        bin: symlink('usr/bin'),
      },
    });
    buildTree(
      at(),
      Object.fromEntries(['one', 'two', 'out', 'other', 'mine'].map((name) => [name, { kind: 'directory' }])),
    );
    buildTree(
      at('one'),
      source((names) => names),
    );
    buildTree(
      at('two'),
      source((names) => names.toReversed()),
    );
    key = makeKey(at());
    for (const path of [at(), key.privateKey]) chmodSync(path, 0o755);
    chmodSync(at('mine'), 0o777);
  });
  afterAll(() => machine.close());

  const call = (words: readonly string[], before: readonly string[] = [], env = {}): Promise<Finished> =>
    machine.namespace.run([...before, ...programCommand(), ...words], {
      env: { ...ENVIRONMENT, ...env },
      timeout: 60_000,
    });
  const pack = (...words: string[]) => call(['pack', ...words]);
  const forHost = () => `--for-host=${machine.root}`;
  const signed = () => [`--private-key=${key.privateKey}`, `--certificate=${key.certificate}`];
  const bytes = (name: string) => readFileSync(at(name));
  /** Nothing but what was asked for is there. */
  const leftovers = () => readdirSync(at('out')).filter((name) => name.startsWith('.'));

  describe.each(['squashfs', 'erofs', 'ext4'])('as %s', (format) => {
    const options = () => [`--format=${format}`, '--service=tool.service', forHost(), ...signed()];

    test('the same content gives the same bytes, whoever packs it', async () => {
      for (const [name, before] of [
        ['one', []],
        ['two', []],
        ['two', NOBODY],
      ] as const) {
        const directory = before.length === 0 ? 'out' : 'mine';
        const output = at(directory, `${format}.raw`);
        const { status, stderr, stdout } = await call(
          ['pack', at(name), ...options(), `--output=${output}`],
          before,
        );
        expect({ status, stderr, stdout }).toMatchObject({
          status: 0,
          stderr: expect.stringMatching(
            /^Left out of '.*': 'var', because nothing there is merged\.\nMoved 3 files of \/etc .*\nMade '.*' \(\d+ bytes\), root hash [0-9a-f]{64}\.\n$/,
          ),
        });
        if (name === 'one') writeFileSync(at('first'), readFileSync(output));
        else expect(readFileSync(output).equals(bytes('first'))).toBe(true);
      }
      expect(leftovers()).toEqual([]);
    });

    test('it is merged with its signature, and all files are as they were, but root has them', async () => {
      buildTree(machine.root, { 'etc/verity.d/me.crt': readFileSync(key.certificate, 'utf8') });
      await machine.namespace.must([
        'install',
        '-D',
        at('out', `${format}.raw`),
        at('root/var/lib/extensions/x.raw'),
      ]);
      await machine.namespace.must([
        'mv',
        at('root/var/lib/extensions/x.raw'),
        at(`root/var/lib/extensions/${format}.raw`),
      ]);
      succeeded(await machine.call('merge --image-policy=root=signed+absent'));
      const unit = 'usr/lib/systemd/system/multi-user.target.d';
      const read = (path: string) => machine.read(path);
      expect(read('usr/share/tool/large')).toBe('abc'.repeat(100_000));
      expect(read('usr/share/tool/long-link')).toBe('abc'.repeat(100_000));
      expect(read('usr/share/tool/with space "and quotes"')).toBe('x');
      expect(read('usr/share/host')).toBeNull();
      expect(read('opt/tool/file')).toBe('y');
      const prepare = read(`usr/lib/systemd/system/sysext-prepare-${format}.service`);
      expect(prepare).toContain(`ExecStart=systemd-tmpfiles --create 10-${format}-etc.conf\n`);
      expect(read(`${unit}/10-${format}-tool.service.conf`)).toBe('[Unit]\nUpholds=tool.service\n');
      expect(read('usr/share/factory/etc/tool/a b.conf')).toBe('spaces\n');
      expect(read(`usr/lib/tmpfiles.d/10-${format}-etc.conf`)).toBe(
        'C /etc/tool/50%%.conf\nC "/etc/tool/a b.conf"\nL /etc/tool/link - - - - 50%%.conf\n',
      );
      expect(read(`usr/lib/extension-release.d/extension-release.${format}`)).toBe(
        'ID=debian\nVERSION_ID=13\nEXTENSION_RELOAD_MANAGER=1\nEXTENSION_RESTART_UNITS=tool.service\n',
      );
      const { mode, uid, gid } = statSync(machine.at('usr/bin/set'));
      expect([mode & 0o7777, uid, gid]).toEqual([0o4755, 0, 0]);
      succeeded(await machine.call('unmerge'));
      await machine.namespace.must(['rm', at(`root/var/lib/extensions/${format}.raw`)]);
    });

    const dissect = debianTrees()
      .flatMap((tree) => [treeCommand(tree, 'systemd-dissect')])
      .find((words) => words !== null);
    const withDissect = dissect == null ? test.skip : test;
    withDissect('systemd-dissect accepts it', async () => {
      await machine.namespace.must([...dissect!, '--validate', at('out', `${format}.raw`)]);
    });
  });

  const original = debianTrees()
    .map((tree) => treeCommand(tree, 'systemd-sysext'))
    .find((command) => command !== null);
  const withOriginal = original == null ? test.skip : test;
  withOriginal.each(['squashfs', 'erofs', 'ext4'])('the original merges %s as well', async (format) => {
    const place = at('root/var/lib/extensions');
    succeeded(await pack(at('one'), forHost(), `--format=${format}`, `--output=${at('plain.raw')}`));
    const sysext = [...original!, `--root=${machine.root}`].map((word) => `'${word}'`).join(' ');
    const script = `mkdir -p ${place}; cp ${at('plain.raw')} ${place}; mount --make-rshared /; ${sysext} list --no-legend
      ${sysext} merge 2>/dev/null; cat ${at('root/usr/share/tool/many/7')}; rm ${place}/plain.raw`;
    const { stdout } = succeeded(await machine.namespace.run(['unshare', '--mount', 'sh', '-ec', script]));
    expect(stdout).toMatch(/^plain +raw +.*\/plain\.raw .*\n7$/);
  });

  test.each(['squashfs', 'erofs', 'ext4'])(
    'capabilities of files are kept as %s, which takes root',
    async (format) => {
      buildTree(at('capable'), {
        'usr/bin/capable': file('x', { mode: 0o755, xattrs: { 'security.capability': CAPABILITY } }),
      });
      const words = [at('capable'), '--id=_any', `--format=${format}`];
      succeeded(await pack(...words, `--output=${at('out/capable.raw')}`));
      const show = [
        'getfattr',
        '--absolute-names',
        '-e',
        'hex',
        '-n',
        'security.capability',
        '/usr/bin/capable',
      ];
      const finished = await call(['run', `--with=${at('out/capable.raw')}`, '--', ...show]);
      expect(succeeded(finished).stdout).toContain(`=${CAPABILITY}\n`);
      const { stderr } = succeeded(
        await call(['pack', ...words, `--output=${at('mine/capable.raw')}`], NOBODY),
      );
      expect(stderr).toMatch(/^Only root can give files the attributes 'security.capability'/);
    },
  );

  test('a directory, of which the pieces are checked', async () => {
    const { stdout } = succeeded(
      await pack(at('one'), '--id=_any', '--format=directory', `--output=${at('out/dir')}`),
    );
    expect(stdout).toMatch(/^dir: .*\n {2}It is the directory '.*\/out\/dir'\./);
    expect(readdirSync(at('out/dir')).sort()).toEqual(['opt', 'usr']);
    expect(
      await pack(at('one'), '--id=_any', '--format=directory', `--output=${at('out/dir')}`),
    ).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('there is something in it already'),
    });
  });

  test('what run --keep= has saved, with what was removed', async () => {
    const saved = at('upper');
    succeeded(await pack(at('one'), '--id=_any', `--output=${at('out/tool.raw')}`));
    const code = 'cd /usr/share/tool; echo new >new; rm large; rm -r many; mkdir many; >many/only';
    const below = `--with=${at('out/tool.raw')}`;
    succeeded(await call(['run', below, '--writable', `--keep=${saved}`, '--', 'sh', '-c', code]));
    succeeded(await pack(saved, `--output=${at('out/upper.raw')}`));
    const show = 'cd /usr/share/tool; cat new; ls large 2>/dev/null; ls many; tool';
    const finished = await call(['run', below, `--with=${at('out/upper.raw')}`, '--', 'sh', '-c', show]);
    expect(finished).toEqual({ status: 0, stdout: 'new\nonly\nfrom the tool\n', stderr: '' });
  });

  test('fields: those of the sources, and in place of them those of the options', async () => {
    buildTree(at('other'), {
      'usr/lib/extension-release.d/extension-release.else':
        'ID=a\nVERSION_ID=1\nSYSEXT_SCOPE=initrd\nOTHER="b c"\n',
      'usr/bin/x': 'x',
    });
    const fields = [
      '--id=d',
      '--level=5',
      '--scope=system,portable',
      '--arch=arm64',
      '--field=SYSEXT_VERSION_ID=1 2',
      '--field=VERSION_ID=',
    ];
    succeeded(await pack(at('other'), ...fields, '--format=directory', `--output=${at('out/fields_1.2')}`));
    expect(bytes('out/fields_1.2/usr/lib/extension-release.d/extension-release.fields').toString()).toBe(
      'ID=d\nSYSEXT_SCOPE="system portable"\nOTHER="b c"\nSYSEXT_LEVEL=5\nARCHITECTURE=arm64\nSYSEXT_VERSION_ID="1 2"\n',
    );
  });

  test('SOURCE_DATE_EPOCH is the latest time of all', async () => {
    const words = ['pack', at('one'), '--id=_any', '--format=directory', `--output=${at('out/epoch')}`];
    succeeded(await call(words, [], { SOURCE_DATE_EPOCH: '1000000000' }));
    for (const path of ['usr/bin/tool', 'usr/bin', 'usr/lib/extension-release.d/extension-release.epoch'])
      expect(statSync(at('out/epoch', path)).mtimeMs).toBe(1e12);
    expect(
      await call([...words.slice(0, -1), `--output=${at('out/x')}`], [], { SOURCE_DATE_EPOCH: 'now' }),
    ).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/SOURCE_DATE_EPOCH=now: it must be a number/),
    });
  });

  test('errors that check finds make the status 1, but the image is there; as JSON by the schema', async () => {
    buildTree(at('wrong'), { 'usr/bin/x': 'x', 'usr/lib/systemd/system/y.service': UNIT });
    const output = at('out/wrong.raw');
    const { status, stdout } = await pack(at('wrong'), '--id=_any', '--json=short', `--output=${output}`);
    expect(status).toBe(1);
    expect(readChecked(stdout).images[0]!.findings.map(({ code }) => code)).toContain('exec-missing');
    expect(existsSync(output)).toBe(true);
  });

  test.each<[string, () => string[], RegExp]>([
    ['no source', () => ['--output=OUT'], /^Nothing to pack/],
    ['no output', () => [at('one')], /^Name the image to make with --output=/],
    ['a source that is not there', () => ['/no/such', '--output=OUT'], /^There is no '\/no\/such' to pack\./],
    ['a source that is none', () => ['/etc/passwd', '--output=OUT'], /neither a directory nor/],
    [
      'nothing in it',
      () => [at('mine'), '--id=_any', '--output=OUT'],
      /the sources have no files in '\/usr', '\/opt'/,
    ],
    ['a name that no merge takes', () => [at('one'), '--output=x.img'], /call it NAME\.raw/],
    ['no word for which system', () => [at('one'), '--output=OUT'], /add --for-host=\//],
    [
      'a unit that is not there',
      () => [at('one'), '--id=_any', '--service=no.service', '--output=OUT'],
      /there is no '.*\/no\.service'/,
    ],
    [
      'a unit of a wrong name',
      () => [at('one'), '--id=_any', '--service=../x', '--output=OUT'],
      /is no name of a unit/,
    ],
    [
      'a key alone',
      () => [at('one'), `--private-key=${key.privateKey}`, '--output=OUT'],
      /add --certificate=\./,
    ],
    [
      'a key that is none',
      () => [at('one'), '--private-key=/etc/passwd', `--certificate=${key.certificate}`, '--output=OUT'],
      /^Cannot sign with '\/etc\/passwd'/,
    ],
    [
      'a directory with a hash tree',
      () => [at('one'), '--verity', '--format=directory', '--output=OUT'],
      /has no hash tree/,
    ],
    ['a FIFO', () => [at('fifo'), '--id=_any', '--output=OUT'], /\/usr\/pipe', a fifo/],
    [
      'a result in its source',
      () => [at('one'), '--id=_any', `--output=${at('one/usr/x.raw')}`],
      /which is a part of the source/,
    ],
    ['a field of a wrong name', () => [at('one'), '--field=id=x', '--output=OUT'], /it must be NAME=VALUE/],
    ['a package of no name', () => ['--deb=No Such', '--output=OUT'], /^There is no 'No Such' to pack/],
  ])('%s is told, and nothing is left', async (_, words, said) => {
    mkdirSync(at('fifo/usr'), { recursive: true });
    if (!existsSync(at('fifo/usr/pipe'))) execFileSync('mkfifo', [at('fifo/usr/pipe')]);
    const finished = await pack(...words().map((word) => word.replace('OUT', at('out/bad.raw'))));
    expect(finished).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(said) });
    expect(finished.stderr.split('\n')).toHaveLength(2);
    expect(existsSync(at('out/bad.raw'))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  test('init makes a source that can be packed and run, and overwrites nothing', async () => {
    const tree = at('mine/fresh');
    const made = await call(['init', tree], NOBODY);
    expect(made).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Made '.*\/fresh': '.*'\.\nTry it with '/),
    });
    expect(await call(['run', `--with=${tree}`, '--', 'fresh'], NOBODY)).toMatchObject({
      status: 0,
      stdout: 'Hello from an extension.\n',
    });
    succeeded(await call(['pack', tree, `--output=${at('mine/fresh.raw')}`], NOBODY));
    expect(await call(['init', tree])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('something in it already'),
    });
    succeeded(await call(['--class=confext', 'init', at('mine/settings'), '--id=_any', '--arch=arm64']));
    expect(bytes('mine/settings/etc/extension-release.d/extension-release.settings').toString()).toMatch(
      /^# .*\nID=_any\nARCHITECTURE=arm64\n\n.*#CONFEXT_LEVEL=1\n/s,
    );
  });
});
