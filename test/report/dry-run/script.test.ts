import { spawnSync } from 'node:child_process';
import { SYSEXT } from '../../../src/extension-class.js';
import type { MountedPart } from '../../../src/mount/mounted-part.js';
import { mountImage, numberLoops } from '../../../src/report/dry-run/script/images.js';
import { loopPlaceholder, readLoopPlaceholder } from '../../../src/report/dry-run/script/loop-placeholder.js';
import { dryRunScript } from '../../../src/report/dry-run/script/script.js';
import { snippetOf } from '../../../src/report/dry-run/script/snippets.js';
import { Writer } from '../../../src/report/dry-run/script/writer.js';
import { planOpenrc } from '../../../src/services/openrc.js';
import type { ServiceStep } from '../../../src/services/plan-services.js';
import { planSystemd } from '../../../src/services/systemd.js';
import { dryRun, LOOP, steps, TARGET } from './samples.js';

/** Runs code with functions in place of some programs: each says how it was called, and what it is told to. */
function run(code: readonly string[], writer: Writer, programs: Readonly<Record<string, string>>) {
  const fakes = Object.entries(programs).map(
    ([name, body]) => `${name}() { echo "${name} $*" >&3; ${body}; }`,
  );
  const script = [
    'set -eu',
    // Also what is told to nobody is seen.
    'exec 3>&2',
    'work=$1',
    'status=0',
    'managed=yes',
    ...writer.definitions(),
    ...fakes,
    ...code,
    'echo "ends with $status"',
  ];
  const { stdout, stderr } = spawnSync('sh', ['-c', script.join('\n'), 'sh', '/workspace'], {
    encoding: 'utf8',
  });
  return { calls: stderr.trim().split('\n'), ended: stdout.trim() };
}

const window = (path: string, offset: bigint, size: bigint | null) => ({ path, offset, size });

test('how partitions with a hash tree and encrypted ones are opened, and let go of', () => {
  const verity: MountedPart = {
    ...LOOP,
    device: {
      kind: 'verity',
      data: window('/a b.raw', 20480n, 4096n),
      tree: window('/a b.raw', 40960n, 8192n),
      rootHash: 'abcd',
      signature: null,
    },
  };
  const luks: MountedPart = {
    ...LOOP,
    device: { kind: 'luks', volume: window('/c.raw', 0n, null), keyFile: "/etc/keys/it's" },
  };
  const writer = new Writer(SYSEXT, '/workspace');
  const code = [...mountImage(verity, 1, writer).lines, ...mountImage(luks, 3, writer).lines];
  const { calls, ended } = run(code, writer, {
    losetup: '[ "$1" = --detach ] || echo "/dev/loop$#"',
    veritysetup: ':',
    cryptsetup: ':',
    mkdir: ':',
    mount: ':',
  });
  expect(calls).toEqual([
    'losetup --find --show --read-only --offset=20480 --sizelimit=4096 /a b.raw',
    'losetup --find --show --read-only --offset=40960 --sizelimit=8192 /a b.raw',
    'veritysetup open /dev/loop6 sysext-loop6-verity /dev/loop6 abcd',
    `mkdir -p ${LOOP.at}`,
    `mount -n -i -t squashfs -o ro,nodev /dev/mapper/sysext-loop6-verity ${LOOP.at}`,
    'veritysetup close --deferred sysext-loop6-verity',
    'losetup --detach /dev/loop6',
    'losetup --detach /dev/loop6',
    'losetup --find --show --read-only --offset=0 /c.raw',
    "cryptsetup open --type=luks --readonly --batch-mode --key-file=/etc/keys/it's /dev/loop5 sysext-loop5-luks",
    `mkdir -p ${LOOP.at}`,
    `mount -n -i -t squashfs -o ro,nodev /dev/mapper/sysext-loop5-luks ${LOOP.at}`,
    'cryptsetup close --deferred sysext-loop5-luks',
    'losetup --detach /dev/loop5',
  ]);
  expect(ended).toBe('ends with 0');
});

test('the source of the workspace is the name of no file', () => {
  const writer = new Writer(SYSEXT, '/workspace');
  const nothing = { writer, loopOf: () => 0, sourceOf: () => undefined, coveredBy: () => [] };
  const { lines } = snippetOf({ kind: 'open-workspace', path: '/workspace' }, nothing);
  const { calls } = run(['work=/usr', ...lines], writer, { mkdir: ':', mount: 'echo "in $PWD" >&3' });
  expect(calls.join('\n')).toMatch(/^mkdir .* \/usr\nmount .*-t tmpfs .* sysext \/usr\nin \/usr\nmount /);
});

test('a loop device that somebody else takes in the same moment is not the last one', () => {
  const writer = new Writer(SYSEXT, '/workspace');
  const [line = ''] = mountImage(
    { ...LOOP, device: { kind: 'loop', ...window('/c.raw', 0n, null) } },
    1,
    writer,
  ).lines;
  // A variable would not outlive the subshell.
  const losetup = 'set -- $(cat "$count"); echo "x $*" >"$count"; [ $# -ge 2 ] && echo /dev/loop7';
  const code = ['count=$(mktemp)', `trap 'rm "$count"' EXIT`, line, 'echo "$loop_1"'];
  expect(run(code, writer, { losetup, sleep: ':' })).toEqual({
    calls: [
      'losetup --find --show --read-only --offset=0 /c.raw',
      'sleep 0.05',
      'losetup --find --show --read-only --offset=0 /c.raw',
      'sleep 0.05',
      'losetup --find --show --read-only --offset=0 /c.raw',
    ],
    ended: '/dev/loop7\nends with 0',
  });
  const failing = run(code, writer, { losetup: 'echo "losetup: no" >&2; return 1', sleep: ':' });
  expect(failing.calls.filter((call) => call === 'losetup: no')).toHaveLength(1);
  expect(failing.ended).toBe('');
});

test('a signature that the kernel takes is a file, byte by byte', () => {
  const signature = Buffer.from([0, 1, 10, 39, 92, 37, 128, 255]);
  const device = {
    kind: 'verity',
    data: window('/a', 0n, 1n),
    tree: window('/a', 1n, 1n),
    rootHash: 'ab',
  } as const;
  const writer = new Writer(SYSEXT, '/workspace');
  const { lines } = mountImage({ ...LOOP, device: { ...device, signature } }, 1, writer);
  const [line = ''] = lines.filter((one) => one.startsWith('printf'));
  const { stdout } = spawnSync('sh', ['-c', line.replace('>"$work/signature"', '')]);
  expect(stdout).toEqual(signature);
  expect(lines.join('\n')).toContain('veritysetup open --root-hash-signature="$work/signature" "$loop_1"');
});

test('the places of loop devices in the record, and what only looks like one', () => {
  const sources = [LOOP, { ...LOOP, device: { kind: 'block', path: '/dev/sda' } } as const, { ...LOOP }].map(
    (part) => {
      return { name: 'a', path: '/a', device: '1', inode: '1', content: null, parts: [part], checks: [] };
    },
  );
  expect([...numberLoops(sources).values()]).toEqual([1, 2, 2]);
  const line = (value: unknown) => JSON.stringify({ list: [value, 'x'] }, null, '\t').split('\n')[2]!;
  expect(readLoopPlaceholder(line(loopPlaceholder(12)))).toEqual({ indent: '\t\t', number: 12, comma: ',' });
  expect(readLoopPlaceholder(line('\\u0000loop 12'))).toBeNull();
  expect(readLoopPlaceholder('\t"path": "\\u0000loop 12"')).toBeNull();
});

const WISHES = { reload: true, restart: ['a.service', 'b.service'], reloadOrRestart: ['c.service'] };

function runServices(steps: readonly ServiceStep[], programs: Readonly<Record<string, string>>) {
  const writer = new Writer(SYSEXT, null);
  const nothing = { writer, loopOf: () => 0, sourceOf: () => undefined, coveredBy: () => [] };
  const code = steps.flatMap((step) => snippetOf({ kind: 'service', step }, nothing).lines);
  return run(code, writer, programs);
}

test('systemd: what is gone is stopped, what fails is told, and only a reload changes the exit status', () => {
  const systemctl =
    'case "$*" in *"restart -- a."*) return 5;; *"restart -- b."*) return 1;; *"restart -- c."*) return 6;; "stop -- a."*) return 5;; esac';
  expect(runServices(planSystemd(WISHES, 'running').steps, { systemctl })).toEqual({
    calls: [
      'systemctl daemon-reload',
      'systemctl restart -- a.service',
      'systemctl stop -- a.service',
      'systemctl restart -- b.service',
      'could not be done: systemctl restart -- b.service',
      'systemctl reload-or-restart -- c.service',
      'systemctl stop -- c.service',
      'systemctl reset-failed -- c.service',
    ],
    ended: 'ends with 0',
  });
  expect(runServices(planSystemd(WISHES, 'running').steps, { systemctl: 'return 1' })).toEqual({
    calls: ['systemctl daemon-reload', 'The service manager did not reload, so its units are left alone.'],
    ended: 'ends with 1',
  });
});

test('OpenRC: what has no init script is left out, and what cannot reload is restarted', () => {
  const programs = {
    rc_update: ':',
    rc_service: 'case "$*" in --exists=a) return 1;; *" reload") return 1;; esac',
  };
  const steps = planOpenrc(WISHES, 'running').steps.map((step) => {
    const plain = (words: readonly string[]) => words.map((word) => word.replace(/^rc-/, 'rc_'));
    const { exists, command, otherwise } = step;
    return {
      ...step,
      exists: exists && plain(exists),
      command: plain(command),
      otherwise: otherwise && { ...otherwise, command: plain(otherwise.command) },
    };
  });
  expect(runServices(steps, programs).calls).toEqual([
    'rc_update --update',
    'rc_service --exists=a',
    'rc_service --exists=b',
    'rc_service -- b restart',
    'rc_service --exists=c',
    'rc_service -- c reload',
    'rc_service -- c restart',
  ]);
});

test('the shell finds no mistake in a script with all kinds of steps', () => {
  const services = {
    manager: 'systemd',
    first: [],
    after: planSystemd(WISHES, 'running'),
    problems: [],
  } as const;
  for (const exchange of ['beneath', 'replace', 'detach'] as const)
    for (const shell of ['sh', 'bash']) {
      const input = dryRunScript(dryRun({ services, outcome: steps(TARGET, exchange) }));
      const { status, stderr } = spawnSync(shell, ['-n'], { input, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  const nothing = dryRun({ outcome: { kind: 'nothing', because: 'unchanged' } });
  expect(spawnSync('sh', { input: dryRunScript(nothing) }).status).toBe(0);
});
