import type { Finding } from '../../src/doctor/finding.js';
import type { Feature, Verdict } from '../../src/doctor/judge.js';
import { CommandFailedError } from '../../src/host/process.js';

const cause = new CommandFailedError({
  command: ['mount'],
  status: 32,
  signal: null,
  stdout: '',
  stderr: 'mount: /x: permission denied.\n',
});

const program = {
  code: 'program',
  program: 'mount',
  state: 'there',
  version: '2.38.1',
  isVital: true,
} as const;
const loop = { code: 'loop-devices', device: null, cause: null } as const;
const release = { code: 'os-release', path: '/etc/os-release', id: null, versionId: null } as const;
const hierarchy = {
  code: 'hierarchy',
  hierarchy: '/usr',
  path: '/usr',
  propagation: 'shared',
  isReadOnly: false,
} as const;
const overlay = { code: 'overlay', hierarchy: '/usr', path: '/usr' } as const;
const mapper = { code: 'device-mapper' } as const;
const place = { code: 'state-directory', runIsMount: true, isPrivileged: true } as const;
const search = { code: 'search-directory', path: '/etc/extensions' } as const;
const squashfs = { code: 'file-system', type: 'squashfs' } as const;

/** One of each kind, with what is to be thought of it. */
export const SAMPLES: readonly (readonly [Finding, Verdict, Feature])[] = [
  [{ code: 'privileges', state: 'root' }, 'fine', 'directories'],
  [{ code: 'privileges', state: 'user-namespace' }, 'fine', 'directories'],
  [{ code: 'privileges', state: 'lacking' }, 'missing', 'directories'],
  [{ code: 'privileges', state: 'ordinary' }, 'untold', 'directories'],
  [{ code: 'container', engine: null }, 'fine', 'directories'],
  [{ code: 'container', engine: 'lxc' }, 'fine', 'directories'],
  [{ code: 'kernel', release: '6.18', wanted: null }, 'fine', 'directories'],
  [{ code: 'kernel', release: '5.4', wanted: '5.11.0' }, 'missing', 'directories'],
  [{ code: 'mount-table', isThere: true }, 'fine', 'directories'],
  [{ code: 'mount-table', isThere: false }, 'missing', 'directories'],
  [program, 'fine', 'directories'],
  [{ ...program, state: 'other', version: 'BusyBox v1.35.0' }, 'missing', 'directories'],
  [{ ...program, state: 'absent', version: null }, 'missing', 'directories'],
  [{ ...program, program: 'umount', state: 'other', version: null }, 'fine', 'directories'],
  [{ ...program, program: 'flock', state: 'other', version: null }, 'missing', 'directories'],
  [{ ...program, program: 'unshare', state: 'absent', isVital: false }, 'missing', 'looking'],
  [{ ...program, program: 'losetup', state: 'other', isVital: false }, 'missing', 'protected-images'],
  [{ ...program, program: 'veritysetup', state: 'absent', isVital: false }, 'warning', 'protected-images'],
  [{ ...program, program: 'cryptsetup', state: 'absent', isVital: false }, 'missing', 'encrypted-images'],
  [{ ...program, program: 'getfattr', state: 'absent', isVital: false }, 'missing', 'attributes'],
  [{ ...program, program: 'chcon', state: 'absent', isVital: false }, 'warning', 'labels'],
  [{ ...program, program: 'chcon', state: 'absent', isVital: true }, 'missing', 'directories'],
  [{ ...place, outlook: { kind: 'shared', path: '/run/x' } }, 'fine', 'directories'],
  [{ ...place, outlook: { kind: 'own', path: '/tmp/x', code: 'EACCES' } }, 'fine', 'directories'],
  [{ ...place, outlook: { kind: 'own', path: '/tmp/x', code: 'EROFS' } }, 'warning', 'directories'],
  [
    { ...place, outlook: { kind: 'none', path: '/tmp/x', code: 'EROFS' }, runIsMount: false },
    'missing',
    'directories',
  ],
  [
    { ...place, outlook: { kind: 'none', path: '/tmp/x', code: 'EACCES' }, isPrivileged: false },
    'untold',
    'directories',
  ],
  [{ ...place, outlook: { kind: 'none', path: '/tmp/x', code: 'not-ours' } }, 'missing', 'directories'],
  [{ ...hierarchy, state: 'directory' }, 'fine', 'directories'],
  [{ ...hierarchy, state: 'directory', path: '/elsewhere', propagation: null }, 'fine', 'directories'],
  [{ ...hierarchy, state: 'directory', isReadOnly: true }, 'fine', 'directories'],
  [{ ...hierarchy, state: 'absent' }, 'fine', 'directories'],
  [{ ...hierarchy, state: 'absent-read-only' }, 'warning', 'directories'],
  [{ ...hierarchy, state: 'no-directory' }, 'missing', 'directories'],
  [{ ...hierarchy, state: 'unreachable', reason: 'EACCES' }, 'untold', 'directories'],
  [{ ...overlay, outcome: { kind: 'mounted', onOverlay: false } }, 'fine', 'directories'],
  [{ ...overlay, outcome: { kind: 'mounted', onOverlay: true } }, 'fine', 'directories'],
  [{ ...overlay, outcome: { kind: 'merged' } }, 'fine', 'directories'],
  [
    { ...overlay, outcome: { kind: 'refused', problem: { kind: 'no-overlayfs' }, cause } },
    'missing',
    'directories',
  ],
  [
    { ...overlay, outcome: { kind: 'refused', problem: { kind: 'nested', path: '/usr' }, cause } },
    'missing',
    'directories',
  ],
  [
    {
      ...overlay,
      outcome: {
        kind: 'refused',
        problem: { kind: 'kernel-too-old', found: '5.4.0', wanted: '5.11.0' },
        cause,
      },
    },
    'missing',
    'directories',
  ],
  [
    { ...overlay, outcome: { kind: 'refused', problem: { kind: 'unknown' }, cause } },
    'missing',
    'directories',
  ],
  [{ ...overlay, outcome: { kind: 'untried', why: 'no-namespace', cause } }, 'untold', 'directories'],
  [{ ...overlay, outcome: { kind: 'untried', why: 'odd-path', cause: null } }, 'untold', 'directories'],
  [{ ...release, state: 'found', id: 'debian', versionId: '13' }, 'fine', 'directories'],
  [{ ...release, state: 'found', id: 'arch' }, 'fine', 'directories'],
  [{ ...release, state: 'missing' }, 'missing', 'directories'],
  [{ ...release, state: 'unreadable' }, 'missing', 'directories'],
  [{ ...release, state: 'no-id' }, 'missing', 'directories'],
  [{ ...search, state: 'there' }, 'fine', 'directories'],
  [{ ...search, state: 'absent' }, 'fine', 'directories'],
  [{ ...search, state: 'unreadable' }, 'warning', 'directories'],
  [{ ...search, state: 'no-directory' }, 'warning', 'directories'],
  [{ code: 'exchange', way: 'system-call' }, 'fine', 'refresh'],
  [{ code: 'exchange', way: 'mount' }, 'fine', 'refresh'],
  [{ code: 'exchange', way: 'propagation' }, 'fine', 'refresh'],
  [{ code: 'exchange', way: null }, 'missing', 'refresh'],
  [{ ...loop, state: 'free', device: '/dev/loop0' }, 'fine', 'images'],
  [{ ...loop, state: 'none' }, 'missing', 'images'],
  [{ ...loop, state: 'no-node', device: '/dev/loop9' }, 'missing', 'images'],
  [{ ...loop, state: 'refused', cause }, 'missing', 'images'],
  [{ ...loop, state: 'user-namespace' }, 'missing', 'images'],
  [{ ...loop, state: 'untried' }, 'untold', 'images'],
  [{ ...squashfs, state: 'there' }, 'fine', 'images'],
  [{ ...squashfs, state: 'module' }, 'fine', 'images'],
  [{ ...squashfs, state: 'absent' }, 'missing', 'images'],
  [{ ...squashfs, state: 'unloaded' }, 'untold', 'images'],
  [{ ...squashfs, state: 'untold' }, 'untold', 'images'],
  [{ code: 'erofs-without-loop', kernel: '6.18', mount: '2.42', isThere: true }, 'fine', 'images'],
  [{ code: 'erofs-without-loop', kernel: '6.18', mount: null, isThere: false }, 'missing', 'images'],
  [{ ...mapper, state: 'there' }, 'fine', 'encrypted-images'],
  [{ ...mapper, state: 'absent' }, 'missing', 'encrypted-images'],
  [{ ...mapper, state: 'untried' }, 'untold', 'encrypted-images'],
  [{ code: 'certificates', count: 0 }, 'fine', 'protected-images'],
  [{ code: 'certificates', count: 2 }, 'fine', 'protected-images'],
  [
    { code: 'certificate', problem: { kind: 'no-certificate', file: '/etc/verity.d/a.crt' } },
    'warning',
    'protected-images',
  ],
  [
    {
      code: 'certificate',
      problem: {
        kind: 'unusable-file',
        file: '/etc/verity.d/a.crt',
        problem: 'too-large',
        limit: 1,
        code: '',
      },
    },
    'warning',
    'protected-images',
  ],
  [{ code: 'signatures', allowed: true }, 'fine', 'protected-images'],
  [{ code: 'signatures', allowed: false }, 'warning', 'protected-images'],
  [{ code: 'selinux', mode: 'enforcing' }, 'fine', 'labels'],
  [{ code: 'service-manager', manager: null }, 'fine', 'services'],
  [{ code: 'service-manager', manager: 'openrc' }, 'fine', 'services'],
  [{ code: 'boot-switch', word: 'systemd.sysext', off: false }, 'fine', 'boot'],
  [{ code: 'boot-switch', word: 'systemd.sysext', off: true }, 'warning', 'boot'],
];
