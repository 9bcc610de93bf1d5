import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provide } from '../support/debian.js';
import { IMAGE_TOOLS } from '../support/make-images.js';
import { STANDALONE } from '../support/program.js';
import { buildTree, file, symlink } from '../support/tree.js';
import { Container, makeTree } from './container.js';

/*
 * `run` as an ordinary user, with the programs of FUSE that Debian has. They are downloaded, so this is for
 * `npm run test:containers` only.
 */

const PATIENCE = 240_000;

/** What shows which file system; Debian 12 has no erofsfuse. */
const PROGRAMS = { squashfs: 'squashfuse', erofs: 'erofsfuse', ext4: 'fuse2fs' } as const;
type Format = keyof typeof PROGRAMS;
const FORMATS = Object.keys(PROGRAMS) as Format[];
const SUITES: readonly (readonly [string, readonly Format[]])[] = [
  ['trixie', ['squashfs', 'erofs', 'ext4']],
  ['bookworm', ['squashfs', 'ext4']],
];

const isAsked = process.env['SYSEXT_CONTAINERS'] === 'all';
const missing = isAsked
  ? provide({
      ...IMAGE_TOOLS,
      podman: 'podman',
      runc: 'runc',
      veritysetup: 'cryptsetup-bin',
    })
  : 'npm run test:containers does it';

/** Bytes that no two blocks of a file have in common. */
const LARGE = Buffer.concat(
  Array.from({ length: 40_000 }, (_, index) => createHash('sha256').update(String(index)).digest()),
);

/** Installs the programs, and lets ordinary users open `/dev/fuse`, as udev does; the node of the machine stays as it is. */
const SETUP = `set -e
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt-get -qq update >/dev/null
apt-get -qq install -y --no-install-recommends "$@" >/dev/null 2>&1
mount -t tmpfs tmpfs /mnt; mknod -m 666 /mnt/fuse c 10 229; mount --bind /mnt/fuse /dev/fuse
cp /sysext/dist/sysext /usr/local/bin/sysext
# Not the overlay of the container, which takes no marks of what is removed.
mkdir /var/user; mount -t tmpfs -o mode=1777 tmpfs /var/user
`;

/** What a user calls: `user.sh IMAGE PROGRAM`. */
const USER = `export TMPDIR=/var/user
count() { cat /proc/[0-9]*/comm 2>/dev/null | grep -cx "$1" || :; }
sysext run --with="$1" -- sh -c "
  ext; id -u
  cd /usr/share/data && sha256sum --check --quiet sums && echo same
  readlink link; stat -c '%a %h' hard; ls many | wc -l
  cat /proc/[0-9]*/comm 2>/dev/null | grep -cx $2
"
count "$2"
sysext run --with="$1" --writable --keep=/var/user/kept -- sh -c '
  echo more >>/usr/share/data/small; mv /usr/share/data/many/7 /usr/share/data/eight; rm /usr/share/data/link'
cd /var/user/kept/usr/share/data; cat small; find . -type f -o -type c | sort
count "$2"
ls -A /var/user
`;

const EXPECTED = [
  'ran',
  '65534',
  'same',
  'small',
  '644 2',
  '200',
  '1',
  '0',
  'small',
  'more',
  './eight',
  './link',
  './many/7',
  './small',
  '0',
  'kept',
  '',
].join('\n');

if (missing !== null) test.skip(`run with FUSE: ${missing}`, () => {});
else
  describe.each(SUITES)('%s', (suite, formats) => {
    const found = makeTree(suite);
    const made = 'missing' in found ? null : found.tree;
    let fixtures: string;
    let container: Container;
    beforeAll(async () => {
      fixtures = mkdtempSync(join(tmpdir(), 'sysext-fuse-'));
      makeFixtures(fixtures);
      if (made === null) return;
      container = await Container.start(made, { fixtures, limit: PATIENCE });
      const packages = formats.map((format) => PROGRAMS[format]);
      await container.must('sh', '/fixtures/setup.sh', ...packages);
    }, PATIENCE);
    afterAll(async () => {
      await container?.stop();
      rmSync(fixtures, { recursive: true });
    });

    const cases = formats.flatMap((format) =>
      [`${format}.raw`, `${format}-parts.raw`].map((name) => [name, format] as const),
    );
    (made === null ? test.skip : test).each(cases)(
      '%s is shown to an ordinary user, who may write over it, and the program of FUSE ends with the command',
      async (name, format) => {
        const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
        const { status, stdout, stderr } = await container.exec(
          ...user,
          'sh',
          '/fixtures/user.sh',
          `/fixtures/${name}`,
          PROGRAMS[format],
        );
        await container.must('rm', '-r', '/var/user/kept');
        expect({ status, stdout }).toEqual({ status: 0, stdout: EXPECTED });
        const lines = stderr.split('\n').filter((line) => !/^Checked all \d+ bytes of /.test(line));
        expect(lines).toEqual(["What the command has changed in '/usr' is in '/var/user/kept'.", '']);
      },
      PATIENCE,
    );
  });

/** Images of each format, bare and in a partition with a hash tree, and the scripts. */
function makeFixtures(directory: string): void {
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`many/${index}`, `${index}\n`]));
  const sum = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
  const data = { small: 'small\n', large: LARGE, ...many };
  const sums = Object.entries(data).map(([name, content]) => `${sum(content)}  ${name}\n`);
  buildTree(directory, {
    'setup.sh': SETUP,
    'user.sh': USER,
    'tree/usr/bin/ext': file('#!/bin/sh\necho ran\n', { mode: 0o755 }),
    'tree/usr/lib/extension-release.d/extension-release.tree': 'ID=_any\n',
    'tree/usr/share/data/link': symlink('small'),
    'tree/usr/share/data/sums': sums.join(''),
    ...Object.fromEntries(
      Object.entries(data).map(([name, content]) => [`tree/usr/share/data/${name}`, file(content)]),
    ),
  });
  execFileSync('ln', ['large', 'hard'], { cwd: join(directory, 'tree/usr/share/data') });
  chmodSync(directory, 0o755);
  for (const format of FORMATS)
    for (const [end, more] of [
      ['', []],
      ['-parts', ['--verity']],
    ] as const)
      execFileSync(
        STANDALONE,
        [
          'pack',
          join(directory, 'tree'),
          `--format=${format}`,
          ...more,
          `--output=${join(directory, `${format}${end}.raw`)}`,
        ],
        { stdio: 'ignore' },
      );
}
