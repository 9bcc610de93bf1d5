import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SCRIPT = 'scripts/install-units.sh';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'install-units-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, content = '#!/bin/sh\n'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  chmodSync(join(root, path), 0o755);
}

function install(...args: string[]) {
  const env = { PATH: process.env['PATH'] };
  return spawnSync('sh', [SCRIPT, `--root=${root}`, ...args], { encoding: 'utf8', env });
}

const files = () =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
const UNITS = '/usr/local/lib/systemd/system';

test('finds systemd', () => {
  put('usr/bin/systemctl');
  const { status, stdout } = install();
  expect(status).toBe(0);
  expect(stdout).toContain('systemctl enable sysext.service confext.service');
  expect(stdout).not.toContain('rc-update');
  expect(files()).toEqual(['/usr/bin/systemctl', `${UNITS}/confext.service`, `${UNITS}/sysext.service`]);
});

test('finds OpenRC', () => {
  put('sbin/openrc-run');
  const { status, stdout } = install();
  expect(status).toBe(0);
  expect(stdout).toContain('rc-update add sysext boot');
  expect(stdout).not.toContain('systemctl');
  expect(files()).toEqual(['/etc/init.d/confext', '/etc/init.d/sysext', '/sbin/openrc-run']);
  expect(statSync(join(root, 'etc/init.d/sysext')).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(root, 'etc/init.d/sysext'), 'utf8')).toMatch(/^#!\/sbin\/openrc-run\n/);
});

test('finds neither', () => {
  const { status, stderr } = install();
  expect(status).toBe(1);
  expect(stderr).toContain('--manager=');
  expect(files()).toEqual([]);
});

test('does it again without a change, and removes what it installed, no more', () => {
  put('etc/init.d/other');
  expect(install('--manager=all').status).toBe(0);
  const first = files();
  const { stdout } = install('--manager=all');
  expect(stdout.match(/^Unchanged: /gm)).toHaveLength(4);
  expect(files()).toEqual(first);
  expect(install('--manager=all', '--uninstall').status).toBe(0);
  expect(files()).toEqual(['/etc/init.d/other']);
});

test('the prefix is where the program is called, and where systemd looks', () => {
  put('usr/bin/sysext');
  put('usr/bin/confext');
  const { stderr } = install('--manager=all', '--prefix=/usr');
  expect(stderr).toBe('');
  const unit = readFileSync(join(root, 'usr/lib/systemd/system/sysext.service'), 'utf8');
  expect(unit).toContain('ExecStart=/usr/bin/sysext refresh\n');
  expect(readFileSync(join(root, 'etc/init.d/confext'), 'utf8')).toContain('program=/usr/bin/confext\n');

  const other = install('--manager=systemd', '--prefix=/opt/sysext');
  expect(other.stderr).toContain('/opt/sysext/bin/sysext is not there yet');
  expect(existsSync(join(root, 'etc/systemd/system/sysext.service'))).toBe(true);
  install('--manager=all', '--uninstall');
  expect(files()).toEqual(['/usr/bin/confext', '/usr/bin/sysext']);
});

test.each(['opt', '/a|b', '/a b', '/a;b'])('refuses the prefix %j', (prefix) => {
  expect(install('--manager=all', `--prefix=${prefix}`).status).toBe(1);
  expect(files()).toEqual([]);
});

test('a file of somebody else stays as it is', () => {
  put('etc/init.d/sysext', 'theirs\n');
  const { status, stderr } = install('--manager=openrc');
  expect(status).toBe(1);
  expect(stderr).toContain('/etc/init.d/sysext exists and was not installed by this script');
  expect(install('--manager=openrc', '--uninstall').stdout).toContain('Kept');
  expect(readFileSync(join(root, 'etc/init.d/sysext'), 'utf8')).toBe('theirs\n');
});

test('refuses without being root, in one sentence', () => {
  put('bin/id', '#!/bin/sh\necho 1000\n');
  const env = { PATH: `${root}/bin:${process.env['PATH']}` };
  const { status, stderr } = spawnSync('sh', [SCRIPT, '--manager=all'], { encoding: 'utf8', env });
  expect(status).toBe(1);
  expect(stderr).toBe('Need to be root to install units; --root=DIR installs them elsewhere.\n');
});

const verify = spawnSync('systemd-analyze', ['--version']).status === 0 ? test : test.skip;
verify('systemd finds nothing wrong with the units (skipped without systemd-analyze)', () => {
  put('usr/local/bin/sysext');
  put('usr/local/bin/confext');
  install('--manager=systemd');
  const units = ['sysext', 'confext'].map((name) => `${UNITS}/${name}.service`);
  const args = ['verify', '--man=no', `--root=${root}`, ...units];
  const { status, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('the units only do what systemd-sysext.service does: merge before sysinit.target, undo at the end', () => {
  for (const name of ['sysext', 'confext']) {
    const unit = readFileSync(`units/systemd/${name}.service`, 'utf8').split('\n');
    for (const wanted of [
      'DefaultDependencies=no',
      'Conflicts=shutdown.target',
      'Type=oneshot',
      'RemainAfterExit=yes',
      `ExecStart=/usr/local/bin/${name} refresh`,
      `ExecStop=/usr/local/bin/${name} unmerge`,
      `ConditionKernelCommandLine=!systemd.${name}=0`,
      'WantedBy=sysinit.target',
    ])
      expect(unit).toContain(wanted);
  }
});

describe.each(['sysext', 'confext'])('the init script of %s', (name) => {
  const call = (commandLine: string, verb: string) => {
    put('program', `#!/bin/sh\necho "program $*"\n`);
    put('cmdline', commandLine);
    const script = readFileSync(`units/openrc/${name}`, 'utf8')
      .replace(`/usr/local/bin/${name}`, join(root, 'program'))
      .replace('/proc/cmdline', join(root, 'cmdline'));
    // What openrc-run(8) gives to scripts.
    const functions = 'ebegin() { :; }; eend() { return $1; }; ewarn() { echo "WARN $*"; };';
    return spawnSync('sh', ['-eu', '-c', `${functions}\n${script}\n${verb}`], { encoding: 'utf8' }).stdout;
  };
  const options = name === 'confext' ? '--noexec=no ' : '';

  test('calls the program', () => {
    expect(call('quiet', 'start')).toBe(`program ${options}refresh\n`);
    expect(call('quiet', 'reload')).toBe(`program ${options}refresh\n`);
    expect(call('quiet', 'stop')).toBe('program unmerge\n');
  });

  test('honours the switch on the kernel command line, the last one', () => {
    expect(call(`a systemd.${name}=0 b`, 'start')).toMatch(/^WARN /);
    expect(call(`systemd.${name}=0 systemd.${name}=1`, 'start')).toMatch(/^program /);
    expect(call(`rd.systemd.${name}=0`, 'start')).toMatch(/^program /);
    expect(call(`systemd.${name}=0`, 'stop')).toMatch(/^program /);
  });
});
