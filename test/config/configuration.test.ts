import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { type Configuration, readConfiguration } from '../../src/config/configuration.js';
import { chooseImagePolicy } from '../../src/config/image-policy.js';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { OPEN } from '../../src/images/policy/policy.js';
import { describeConfigProblems, describeMutableVariable } from '../../src/report/config-problems.js';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-config-')));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const put = (path: string, content: string | Buffer) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const link = (target: string, path: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
};
const mode = (value: string) => `[SysExt]\nMutable=${value}\n`;
const policy = (value: string) => `[SysExt]\nImagePolicy=${value}\n`;
const read = () => readConfiguration(root, SYSEXT);
/** Paths as seen from inside the root. */
const inside = ({ files, problems }: Configuration) => ({
  files: files.map((file) => file.slice(root.length)),
  problems: problems.map(({ file, line, kind, text }) => [file.slice(root.length), line, kind, text]),
});
const MAIN = '/etc/systemd/sysext.conf';
const PLACES = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];

test('nothing configured', () => {
  expect(read()).toEqual({ mutable: null, imagePolicy: null, problems: [], files: [] });
});

/** The rules of all tests up to the failures were checked with systemd-sysext 262. */
test.each(PLACES.map((place, index) => [place, PLACES.slice(index)] as const))(
  'the main file in %s counts, those behind it do not',
  (place, places) => {
    for (const other of places) put(`${other}/sysext.conf`, mode(other === place ? 'auto' : 'yes'));
    expect(read().mutable).toEqual({ value: 'auto', file: `${root}${place}/sysext.conf`, line: 2 });
    expect(inside(read())).toEqual({ files: [`${place}/sysext.conf`], problems: [] });
  },
);

test('an empty main file masks', () => {
  put(MAIN, '');
  put('/run/systemd/sysext.conf', mode('yes'));
  expect(read().mutable).toBeNull();
});

test('drop-ins count after the main file, by file name and not by directory', () => {
  put('/etc/systemd/sysext.conf', mode('no'));
  put('/etc/systemd/sysext.conf.d/10-a.conf', mode('yes'));
  put('/usr/lib/systemd/sysext.conf.d/20-a.conf', mode('auto'));
  put('/run/systemd/sysext.conf.d/B.conf', policy('root=verity'));
  put('/usr/local/lib/systemd/sysext.conf.d/a.conf', '');
  expect(inside(read()).files).toEqual([
    MAIN,
    '/etc/systemd/sysext.conf.d/10-a.conf',
    '/usr/lib/systemd/sysext.conf.d/20-a.conf',
    '/run/systemd/sysext.conf.d/B.conf',
    '/usr/local/lib/systemd/sysext.conf.d/a.conf',
  ]);
  expect(read().mutable?.value).toBe('auto');
  expect(read().imagePolicy?.value).toBe('root=verity');
});

test('names are sorted by their bytes', () => {
  const names = ['10-a', '10', '10a', '9', 'B', '_', 'a', '\u00e9', '\uff5e', '\u{1f600}'];
  for (const name of [...names].reverse()) put(`/etc/systemd/sysext.conf.d/${name}.conf`, '');
  expect(inside(read()).files).toEqual(names.map((name) => `/etc/systemd/sysext.conf.d/${name}.conf`));
});

test('a drop-in hides those of its name in later directories', () => {
  for (const [index, place] of PLACES.entries()) {
    for (const later of PLACES.slice(index))
      put(`${later}/sysext.conf.d/${index}.conf`, mode(later === place ? 'yes' : '?'));
  }
  expect(inside(read())).toEqual({
    files: PLACES.map((place, index) => `${place}/sysext.conf.d/${index}.conf`),
    problems: [],
  });
});

test('an empty drop-in and a symlink to /dev/null mask', () => {
  for (const name of ['a', 'b']) put(`/usr/lib/systemd/sysext.conf.d/${name}.conf`, mode('yes'));
  put('/etc/systemd/sysext.conf.d/a.conf', '');
  link('/dev/null', '/etc/systemd/sysext.conf.d/b.conf');
  expect(read()).toMatchObject({ mutable: null, problems: [] });
});

test('other files in the directory of drop-ins are none', () => {
  for (const name of ['a.cfg', '.a.conf', '.conf', 'a.conf~', 'a.conf.rpmnew', 'A.CONF'])
    put(`/etc/systemd/sysext.conf.d/${name}`, mode('yes'));
  mkdirSync(`${root}/etc/systemd/sysext.conf.d/sub`);
  expect(inside(read())).toEqual({ files: [], problems: [] });
});

test('symlinks stay below the root', () => {
  put('/opt/main', mode('yes'));
  put('/opt/drop-ins/a.conf', policy('root=signed'));
  link('../../../../../../../../../../opt/main', MAIN);
  link('/opt/drop-ins', '/run/systemd/sysext.conf.d');
  expect(read()).toMatchObject({
    mutable: { value: 'yes', file: `${root}${MAIN}` },
    imagePolicy: { value: 'root=signed' },
  });
});

test('the last value counts that can be understood', () => {
  put(MAIN, `${mode('auto')}Mutable=bogus\nMutable=\nMutable="yes"\nmutable=no\nX-Mine=1\n`);
  expect(read().mutable).toEqual({ value: 'auto', file: `${root}${MAIN}`, line: 2 });
  expect(inside(read()).problems).toEqual([
    [MAIN, 3, 'mutable', 'Mutable=bogus'],
    [MAIN, 4, 'mutable', 'Mutable='],
    [MAIN, 5, 'mutable', 'Mutable="yes"'],
    [MAIN, 6, 'unknown-key', 'mutable=no'],
  ]);
});

test('an empty image policy takes an earlier one back', () => {
  put(MAIN, policy('root=verity'));
  put('/etc/systemd/sysext.conf.d/a.conf', policy(''));
  expect(read()).toMatchObject({ imagePolicy: null, problems: [] });
});

test('an image policy that is none does not count', () => {
  put(MAIN, `${policy('root=verity')}ImagePolicy=foo\n`);
  const found = read();
  expect(found.imagePolicy?.value).toBe('root=verity');
  expect(inside(found).problems).toEqual([[MAIN, 3, 'image-policy', 'ImagePolicy=foo']]);
});

test('what is not known in an image policy is left out and told of', () => {
  put(MAIN, policy('root=verity+new:later=signed'));
  expect(read().imagePolicy).toMatchObject({
    line: 2,
    policy: { rules: { root: ['verity'] }, otherwise: null },
  });
  expect(inside(read()).problems).toEqual([
    [MAIN, 2, 'policy-flag', 'new'],
    [MAIN, 2, 'policy-designator', 'later'],
  ]);
  const unknown = 'image policies have no';
  expect(describeConfigProblems(read().problems)).toEqual([
    `'${root}${MAIN}', line 2: ${unknown} such flag, it is left out (and a rule without flags allows everything): 'new'`,
    `'${root}${MAIN}', line 2: ${unknown} partition of this name, its rule is left out: 'later'`,
  ]);
});

test('the option counts before the setting, that before the default', () => {
  put(MAIN, policy('root=verity'));
  const setting = read().imagePolicy;
  expect(chooseImagePolicy(OPEN, setting)).toEqual({ from: 'option', policy: OPEN });
  expect(chooseImagePolicy(null, setting)).toEqual({ from: 'setting', policy: setting?.policy, setting });
  expect(chooseImagePolicy(null, null)).toEqual({ from: 'default', policy: null });
});

test('confext has files and a section of its own', () => {
  put(MAIN, mode('yes'));
  put('/etc/systemd/confext.conf', '[ConfExt]\nMutable=import\n[SysExt]\nMutable=no\n');
  const found = readConfiguration(root, CONFEXT);
  expect(found.mutable?.value).toBe('import');
  expect(inside(found)).toEqual({
    files: ['/etc/systemd/confext.conf'],
    problems: [['/etc/systemd/confext.conf', 3, 'unknown-section', '[SysExt]']],
  });
});

describe('what the original fails at', () => {
  test('a main file that is a symlink to /dev/null masks, whether the root has that or not', () => {
    link('/dev/null', MAIN);
    put('/run/systemd/sysext.conf', mode('yes'));
    expect(read()).toMatchObject({ mutable: null, problems: [], files: [] });
  });

  test('behind a main file that is a symlink to nothing the search goes on', () => {
    link('/nowhere', MAIN);
    put('/run/systemd/sysext.conf', mode('yes'));
    expect(read().mutable?.value).toBe('yes');
    expect(inside(read()).problems).toEqual([[MAIN, null, 'dangling', '']]);
  });

  test('files that cannot be read are told of, hide others, and the rest counts', () => {
    mkdirSync(join(root, MAIN), { recursive: true });
    put('/run/systemd/sysext.conf', mode('no'));
    const directory = '/etc/systemd/sysext.conf.d';
    put(`${directory}/0.conf`, mode('yes'));
    link('/nowhere', `${directory}/dangling.conf`);
    mkdirSync(`${root}${directory}/directory.conf`);
    execFileSync('mkfifo', [`${root}${directory}/fifo.conf`]);
    put(`${directory}/large.conf`, '#'.repeat(2 << 20));
    link('loop.conf', `${directory}/loop.conf`);
    for (const name of ['dangling', 'directory', 'fifo', 'large', 'loop'])
      put(`/usr/lib/systemd/sysext.conf.d/${name}.conf`, mode('no'));
    put('/usr/local/lib/systemd/sysext.conf.d', 'a file');
    expect(read().mutable?.value).toBe('yes');
    expect(inside(read())).toEqual({
      files: [`${directory}/0.conf`],
      problems: [
        [MAIN, null, 'no-regular-file', ''],
        ['/usr/local/lib/systemd/sysext.conf.d', null, 'unreadable', 'ENOTDIR'],
        [`${directory}/dangling.conf`, null, 'dangling', ''],
        [`${directory}/directory.conf`, null, 'no-regular-file', ''],
        [`${directory}/fifo.conf`, null, 'no-regular-file', ''],
        [`${directory}/large.conf`, null, 'too-large', ''],
        [`${directory}/loop.conf`, null, 'unreadable', 'ELOOP'],
      ],
    });
  });

  test('one broken file takes nothing from the others', () => {
    put(MAIN, mode('yes'));
    put('/etc/systemd/sysext.conf.d/10.conf', '[SysExt\nMutable=no\n');
    put(
      '/etc/systemd/sysext.conf.d/20.conf',
      Buffer.from('[SysExt]\nMutable=no\xff\nImagePolicy=root=signed\n', 'latin1'),
    );
    expect(read()).toMatchObject({ mutable: { value: 'yes' }, imagePolicy: { value: 'root=signed' } });
    expect(inside(read()).problems).toEqual([
      ['/etc/systemd/sysext.conf.d/10.conf', 1, 'bad-header', '[SysExt'],
      ['/etc/systemd/sysext.conf.d/20.conf', 2, 'encoding', 'Mutable=no\ufffd'],
    ]);
  });
});

test('any bytes can stand in a file', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(
        fc.constantFrom(
          '[SysExt]\n',
          'Mutable=',
          'ImagePolicy=',
          '__proto__=1\n',
          '\\\n',
          '\n',
          '"',
          'true',
          '[',
          ';',
          '\0',
        ),
      )
      .map((parts) => Buffer.from(parts.join(''))),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      put(MAIN, Buffer.from(content));
      const found = read();
      expect(found.files).toEqual([join(root, MAIN)]);
      for (const line of describeConfigProblems(found.problems)) expect(line).not.toMatch(/[\x00-\x1f]/);
    }),
  );
});

test('each problem is one line with file and number', () => {
  put(MAIN, `foo\n${mode('bo\x1bgus')}${'x'.repeat(1000)}\n`);
  link('/nowhere', '/etc/systemd/sysext.conf.d/a.conf');
  link('b.conf', '/etc/systemd/sysext.conf.d/b.conf');
  expect(describeConfigProblems(read().problems)).toEqual([
    `'${root}${MAIN}', line 1: an assignment before the first [section], skipped: 'foo'`,
    `'${root}${MAIN}', line 3: not a mutable mode (one of: no, yes, auto, import, ephemeral, ephemeral-import), skipped: 'Mutable=bo\\x1bgus'`,
    `'${root}${MAIN}', line 4: not an assignment (Key=value), skipped: '${'x'.repeat(80)}'`,
    `Skipping '${root}/etc/systemd/sysext.conf.d/a.conf': a symlink to nothing; remove it, or make what it points to.`,
    `Skipping '${root}/etc/systemd/sysext.conf.d/b.conf': cannot be read (ELOOP).`,
  ]);
  expect(describeMutableVariable('SYSTEMD_SYSEXT_MUTABLE_MODE', 'a\n')).toBe(
    "Ignoring SYSTEMD_SYSEXT_MUTABLE_MODE=: 'a\\n' is not a mutable mode (one of: no, yes, auto, import, ephemeral, ephemeral-import).",
  );
});
