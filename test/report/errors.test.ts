import { readFileSync } from 'node:fs';
import { ChoiceError } from '../../src/choice/choice-error.js';
import { StrictError } from '../../src/choice/strict-error.js';
import { AssertionSyntaxError } from '../../src/expect/read-assertions.js';
import { FileTooLargeError, NotRegularFileError } from '../../src/host/files.js';
import { CommandFailedError, CommandMissingError, type CommandResult } from '../../src/host/process.js';
import { TooManySymlinksError } from '../../src/host/root.js';
import { NotImageFileError } from '../../src/images/byte-reader.js';
import type { Image } from '../../src/images/image.js';
import { ImagePolicyError } from '../../src/images/policy/parse.js';
import { InstallError } from '../../src/install/problem.js';
import { DownloadError } from '../../src/install/request.js';
import {
  LockedError,
  LockFileError,
  NotLockableError,
  TreeChangedError,
} from '../../src/lock-file/errors.js';
import { LabelError } from '../../src/mount/alike.js';
import { OverlayFailedError, type OverlayProblem } from '../../src/mount/diagnose.js';
import { UnusableImagesError } from '../../src/mount/examine-images.js';
import { NotVisibleError, UndoFailedError } from '../../src/mount/execute.js';
import { ImageMountError, type MountableFileSystem } from '../../src/mount/images.js';
import { LockInterruptedError, LockTimeoutError } from '../../src/mount/lock.js';
import { MountFailedError } from '../../src/mount/mount-command.js';
import { MountPointError } from '../../src/mount/mount-points.js';
import { StateDirectoryError } from '../../src/mount/state-directory.js';
import { HierarchyError } from '../../src/overlay/hierarchy-error.js';
import { TooManyLayersError } from '../../src/overlay/layers.js';
import { WriteDirectoryError } from '../../src/overlay/mutable.js';
import { HostReleaseError } from '../../src/release/host-release.js';
import { describeError } from '../../src/report/errors.js';
import { NotAsAnnouncedError } from '../../src/update/acquire.js';
import { UnknownComponentError } from '../../src/update/choose-components.js';
import { DamagedError, TooLargeError } from '../../src/update/compression.js';
import { NotSymlinkError } from '../../src/update/install.js';
import { ManifestError } from '../../src/update/stock.js';
import { TransferError } from '../../src/update/transfer.js';
import { readSource, sourceFiles } from '../support/compiled-sources.js';
import { DANGEROUS, HOSTILE } from './hostile.js';
import { MAKING_CASES } from './making-cases.js';

function result(more: Partial<CommandResult> = {}): CommandResult {
  return { command: ['mount', '-n'], status: 32, signal: null, stdout: '', stderr: '', ...more };
}

function systemError(): Error {
  try {
    readFileSync('/no-such-file');
  } catch (error) {
    // Those of Node are no instances of the sandbox's Error.
    const { message, code, syscall, path } = error as NodeJS.ErrnoException;
    return Object.assign(new Error(message), { code, syscall, path });
  }
  throw new Error('there is such a file');
}

function image(name: string): Image {
  return { kind: 'raw', name, path: `/x/${name}.raw`, entry: '/e', label: name, time: 0n, versions: null };
}

const mountFailed = (name = '') =>
  new MountFailedError(`mount the overlay for '/usr${name}'`, result({ stderr: `bad${name}.\nmore\n` }));

const MOUNTABLE: MountableFileSystem = {
  name: 'a',
  path: '/a',
  source: '/a',
  type: 'ext4',
  loop: null,
  isLimited: false,
  at: '/w',
};

type Case = [error: (hostile: string) => Error, ...says: string[]];

/** By the name of the class; the argument makes every text in it hostile. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  ...MAKING_CASES,
  CommandFailedError: [
    [
      (x) => new CommandFailedError(result({ command: [`flock${x}`], stderr: `not found${x}\n` })),
      'Failed to run flock: not found.',
    ],
    [() => new CommandFailedError(result({ command: ['flock'] })), 'Failed to run flock: exit status 32.'],
  ],
  NotImageFileError: [
    [(x) => new NotImageFileError(`/x/foo.raw${x}`), '/x/foo.raw', 'cannot be an image; remove it.'],
  ],
  WriteDirectoryError: (
    [
      [{ kind: 'is-hierarchy' }, 'points to the hierarchy itself', '--mutable=yes'],
      [{ kind: 'no-directory' }, 'it is not a directory; remove it'],
      [{ kind: 'mode', found: 0o700, wanted: 0o1755 }, 'mode 0700', 'mode 1755', 'chmod'],
      [{ kind: 'other-mount' }, 'on another file system', 'below a mount point'],
      [{ kind: 'read-only' }, 'it is on a read-only file system'],
    ] as [WriteDirectoryError['problem'], ...string[]][]
  ).map(
    ([problem, ...says]): Case => [
      (x) => new WriteDirectoryError(problem, `/usr${x}`, `/w/usr${x}`),
      "Cannot use '/w/usr' as write directory of '/usr': ",
      ...says,
      'Nothing was changed.',
    ],
  ),
  LabelError: [
    [
      (x) =>
        new LabelError(`/usr${x}`, {
          cause: new CommandFailedError(result({ command: ['chcon'], stderr: `chcon: denied${x}\n` })),
        }),
      "made for '/usr'",
      'SELinux',
      'chcon: denied.',
    ],
    [
      () => new LabelError('/usr', { cause: new CommandMissingError('chcon', { cause: systemError() }) }),
      'chcon cannot be executed',
    ],
  ],
  FileTooLargeError: [[(x) => new FileTooLargeError(`/f${x}`, 5), "'/f' is larger than 5 bytes."]],
  NotRegularFileError: [[(x) => new NotRegularFileError(`/f${x}`), "'/f' is not a regular file."]],
  CommandMissingError: [
    [() => new CommandMissingError('mount', { cause: systemError() }), 'mount(8)', 'install util-linux'],
    [() => new CommandMissingError('flock', { cause: systemError() }), 'flock(1)'],
    [() => new CommandMissingError('losetup', { cause: systemError() }), 'losetup(8)', 'util-linux'],
    [() => new CommandMissingError('cryptsetup', { cause: systemError() }), 'install cryptsetup'],
    [() => new CommandMissingError('xz', { cause: systemError() }), 'xz(1)', 'install xz-utils'],
  ],
  TooManySymlinksError: [[(x) => new TooManySymlinksError(`/f${x}`), "'/f': they run in circles."]],
  OverlayFailedError: (
    [
      [{ kind: 'layer-vanished', extension: 'foo', path: '/x/foo' }, "'foo' vanished", "'/x/foo' is gone"],
      [{ kind: 'no-overlayfs' }, 'modprobe overlay'],
      [{ kind: 'kernel-too-old', found: '5.10.0', wanted: '5.11.0' }, '5.10.0', '5.11.0', 'user namespace'],
      [{ kind: 'nested', paths: ['/x'] }, "'/x' is on an overlay itself"],
      [{ kind: 'nested', paths: ['/x', '/y'] }, "'/x', '/y' are on overlays themselves"],
      [{ kind: 'locked-mount', path: '/x', mount: '/x/y' }, "'/x/y' was mounted outside of it"],
      [{ kind: 'unknown' }, "'/usr': bad."],
    ] as [OverlayProblem, ...string[]][]
  ).map(([problem, ...says]): Case => {
    const hostile = (x: string) => ('path' in problem ? { ...problem, path: problem.path + x } : problem);
    return [
      (x) => new OverlayFailedError(`/usr${x}`, hostile(x), { cause: mountFailed(x) }),
      "overlay for '/usr'",
      'bad',
      ...says,
    ];
  }),
  NotVisibleError: [
    [(x) => new NotVisibleError(`/usr${x}`, `/mnt/usr${x}`, '0:42'), "'/usr'", "'/mnt/usr'", 'device 0:42'],
    [(x) => new NotVisibleError(`/usr${x}`, `/mnt/usr${x}`, null), "'/mnt/usr' it is gone"],
  ],
  MountPointError: [
    [(x) => new MountPointError(`/usr/a${x}`, `/usr/a/b${x}`), "'/usr/a/b'", "'/usr/a'", 'remove'],
  ],
  TooManyLayersError: [
    [(x) => new TooManyLayersError(`/usr${x}`, 501, 500), '501 layers', "'/usr'", '500', 'remove'],
  ],
  UndoFailedError: [
    [
      (x) =>
        new UndoFailedError(new HierarchyError('no-directory', `/usr${x}`, '/y'), { cause: mountFailed(x) }),
      "Cannot merge into '/usr'",
      "Failed to mount the overlay for '/usr'",
      'could not be put back',
    ],
    [(x) => new UndoFailedError(mountFailed(x), { cause: systemError() }), "'/no-such-file'"],
  ],
  ImageMountError: [
    [
      (x) =>
        new ImageMountError(
          { ...MOUNTABLE, name: `foo${x}`, path: `/x/foo.raw${x}` },
          result({ stderr: `wrong fs type${x}.\n` }),
          false,
        ),
      "image 'foo' (/x/foo.raw, ext4): wrong fs type.",
    ],
    [() => new ImageMountError(MOUNTABLE, result(), false), 'exit status 32'],
    [
      () => new ImageMountError(MOUNTABLE, result(), true),
      'there are no loop devices here (exit status 32); give this container some',
    ],
  ],
  LockTimeoutError: [
    [() => new LockTimeoutError(5, '123'), 'process 123', '5 s', '--lock-timeout='],
    [() => new LockTimeoutError(5, null), 'Another call is at work'],
  ],
  LockInterruptedError: [[() => new LockInterruptedError(), 'Interrupted']],
  MountFailedError: [
    [mountFailed, "Failed to mount the overlay for '/usr': bad."],
    [() => new MountFailedError('do it', result({ status: null, signal: 'SIGKILL' })), 'killed by SIGKILL.'],
  ],
  UnusableImagesError: [
    [
      (x) =>
        new UnusableImagesError([
          { image: image(`foo${x}`), problem: { kind: 'empty' } },
          { image: image(`bar${x}`), problem: { kind: 'text' } },
        ]),
      "image 'foo' (/x/foo.raw): the file is empty; copy",
      "image 'bar' (/x/bar.raw): it is a text file",
    ],
  ],
  StateDirectoryError: [
    [
      (x) => new StateDirectoryError(`Failed to make the directory '/d${x}'`, { cause: systemError() }),
      "Failed to make the directory '/d': no such file or directory.",
    ],
    [(x) => new StateDirectoryError(`'/d${x}' is not ours`), "'/d' is not ours."],
  ],
  HierarchyError: [
    [
      (x) => new HierarchyError('no-directory', `/usr${x}`, `/mnt/usr${x}`),
      "'/usr'",
      "'/mnt/usr' is not a directory",
    ],
    [(x) => new HierarchyError('contains-extension', '/var', `/var/e${x}`), "'/var/e' into '/var'", 'move'],
    [
      (x) => new HierarchyError('extension-file', '/opt', `/v/a/opt${x}`, [`a${x}`]),
      "extension 'a' into '/opt': '/v/a/opt' is not a directory; remove it from the extension. Nothing was changed.",
    ],
  ],
  ChoiceError: [
    [
      (x) =>
        new ChoiceError([{ kind: 'not-installed', name: `a${x}`, nearest: `b${x}`, entry: null }], [`b${x}`]),
      "There is no extension 'a', did you mean 'b'? Installed are 'b'.",
    ],
    [
      (x) =>
        new ChoiceError(
          [
            { kind: 'fits-nothing', option: 'only', pattern: `a${x}` },
            { kind: 'contradiction', name: `b${x}`, pattern: `b${x}` },
          ],
          [],
        ),
      'No extension fits --only=',
      "'b' is named",
      'Nothing was changed.',
    ],
  ],
  LockFileError: [
    [(x) => new LockFileError(`a${x}`, { kind: 'no-json' }), "'a' is no lock file"],
    [
      (x) => new LockFileError(`a${x}`, { kind: 'unreadable' }, { cause: systemError() }),
      "read the lock file 'a': no such file",
    ],
    [(x) => new LockFileError('a', { kind: 'other-schema', found: `b${x}` }), "its schema is 'b'"],
  ],
  LockedError: [
    [
      (x) => new LockedError(`a${x}`, [{ kind: 'missing', name: `b${x}`, path: `/c${x}` }]),
      "Not as 'a' has it: 'b' is not installed (it was at '/c').",
      'Nothing was changed.',
    ],
  ],
  NotLockableError: [
    [
      (x) => new NotLockableError([{ kind: 'gone', name: `b${x}`, path: `/c${x}` }]),
      "cannot be locked: '/c', from which 'b' was merged, is gone.",
    ],
  ],
  TreeChangedError: [
    [(x) => new TreeChangedError(`/a${x}`), "Failed to read '/a': it was changed meanwhile"],
  ],
  AssertionSyntaxError: [
    [
      (x) =>
        new AssertionSyntaxError([
          {
            text: `merged a${x}`,
            place: { kind: 'argument', number: 2 },
            problem: { kind: 'unexpected', about: 'merged', word: `a${x}`, wanted: 'nothing more' },
          },
        ]),
      "'merged a' (argument 2)",
      'write: merged EXTENSION',
    ],
  ],
  StrictError: [
    [
      (x) =>
        new StrictError([
          { kind: 'ignored', name: `a${x}`, path: '/v/a', hides: [`/w/a${x}`] },
          { kind: 'passed-over', found: { kind: 'dangling', entry: `/v/b${x}` } },
        ]),
      "'a' does not fit, and hides '/w/a'",
      "'/v/b' gives no extension, it is a symlink to nothing",
    ],
  ],
  InstallError: [
    [
      (x) => new InstallError({ kind: 'name-taken', name: `a${x}`, entry: `/v/a${x}` }),
      "'/v/a' has the name 'a' as well",
      'remove it first. Nothing was changed.',
    ],
  ],
  DownloadError: [
    [
      (x) => new DownloadError(`http://a/${x}`, { kind: 'status', status: 404 }),
      "Failed to download 'http://a/",
      'status 404',
    ],
  ],
  ImagePolicyError: [
    [
      (x) => new ImagePolicyError(`root=${x}`, { kind: 'unknown-flag', text: x, position: 6 }),
      "Failed to parse image policy 'root=",
      'at character 6',
    ],
    [
      (x) => new ImagePolicyError(x, { kind: 'no-equals', text: `x${x}`, position: 1 }),
      "no '=' in the rule",
      'rules are PARTITION=FLAG',
    ],
  ],
  HostReleaseError: [
    [(x) => new HostReleaseError('missing', [`/a${x}`, `/b${x}`]), "'/a', '/b'", 'create'],
    [(x) => new HostReleaseError('no-id', [`/a${x}`]), "'ID' field not found or empty in '/a'", 'add ID='],
    [(x) => new HostReleaseError('unreadable', [`/a${x}`], { cause: systemError() }), "'/a': no such file"],
  ],
  ManifestError: (
    [
      [{ kind: 'missing' }, 'no such file', 'Path= must name the directory'],
      [{ kind: 'not-signed' }, 'SHA256SUMS.gpg', 'Verify=no'],
      [{ kind: 'bad', text: 'BAD signature' }, 'not good (BAD signature)'],
      [{ kind: 'no-keyring' }, "'/etc/systemd/import-pubring.pgp'"],
      [{ kind: 'no-program' }, 'gpgv(1)', 'install gpgv'],
      [{ kind: 'line', line: 7, text: 'nonsense' }, "line 7 is none of a list of checksums: 'nonsense'"],
      [{ kind: 'too-old', day: '2026-01-01' }, 'only to be used until 2026-01-01'],
    ] as [ManifestError['problem'], ...string[]][]
  ).map(([problem, ...says]): Case => {
    const hostile = (x: string) => ('text' in problem ? { ...problem, text: problem.text + x } : problem);
    return [(x) => new ManifestError(`https://x/${x}`, hostile(x)), 'Cannot use https://x/', ...says];
  }),
  TransferError: [
    [
      (x) => new TransferError({ kind: 'other-type', file: `/f${x}`, type: `url-tar${x}` }),
      '/f is about url-tar',
      'use systemd-sysupdate(8)',
    ],
    [
      (x) => new TransferError({ kind: 'missing-setting', file: `/f${x}`, section: 'Source', key: 'Path' }),
      '/f has no Path= in its section [Source]',
    ],
    [(x) => new TransferError({ kind: 'no-name', file: `/f${x}`, wildcard: '@l' }), '/f names', 'with @l'],
  ],
  UnknownComponentError: [
    [() => new UnknownComponentError(null, []), 'no transfer files', '/etc/sysupdate.d/NAME.transfer'],
    [(x) => new UnknownComponentError(`foo${x}`, []), "is about 'foo'", 'no transfer files at all'],
    [
      (x) =>
        new UnknownComponentError('foo', [
          { name: `tool${x}`, disabled: false, transfers: [], failures: [], problems: [] },
        ]),
      "there are 'tool'",
    ],
  ],
  NotAsAnnouncedError: [
    [
      (x) => new NotAsAnnouncedError(`foo${x}`, 'size', `5${x}`, `6${x}`),
      "Cannot use 'foo': its size is 6",
      'should be 5',
    ],
  ],
  DamagedError: [[(x) => new DamagedError('xz', `Unexpected end${x}`), 'xz says: Unexpected end']],
  TooLargeError: [[() => new TooLargeError(5), 'larger than 5 bytes', '--max-size=']],
  NotSymlinkError: [[(x) => new NotSymlinkError(`/f${x}`), "symlink '/f'", 'CurrentSymlink=']],
};

/** In src/cli: told by the program itself, see test/cli/program.test.ts. */
const TOLD_BY_THE_PROGRAM = [
  'UsageError',
  'RootError',
  'EnvironmentError',
  'NotPrivilegedError',
  'NoProcError',
  'NoSuchImageError',
];

/** Thrown and caught in the same room: what the user is told is made of what it says. */
const CAUGHT = ['MalformedError', 'MalformedLockError', 'ElfError', 'TooManyReleaseFilesError'];

test('every class of errors is known here', () => {
  const classes = sourceFiles().flatMap((file) =>
    [...readSource(file).matchAll(/class (\w+) extends \w*Error\b/g)].map(([, name]) => name),
  );
  expect(classes.length).toBeGreaterThan(15);
  expect(classes.sort()).toEqual([...Object.keys(CASES), ...TOLD_BY_THE_PROGRAM, ...CAUGHT].sort());
});

const cases = Object.entries(CASES).flatMap(([name, all]) => all.map((one) => [name, one] as const));

test.each(cases)('%s', (_, [make, ...says]) => {
  const lines = describeError(make(''));
  const text = lines?.join('\n') ?? '';
  for (const words of says) expect(text).toContain(words);
  for (const line of lines ?? []) expect(line).toMatch(/^[A-Z'0-9].*[^.]\.$/);
  expect(text).not.toMatch(/undefined|null|\[object/);
});

test.each(cases)('%s is harmless on a terminal', (_, [make]) => {
  for (const line of describeError(make(HOSTILE)) ?? []) expect(line).not.toMatch(DANGEROUS);
});

test('a program that the kernel does not start', () => {
  const error = Object.assign(new Error('x'), {
    code: 'ENOMEM',
    syscall: 'spawnSync umount',
    path: 'umount',
  });
  expect(describeError(error)).toEqual(["Failed to start 'umount': x (ENOMEM)."]);
});

test('an error of a file function names the file', () => {
  expect(describeError(systemError())).toEqual([
    "Failed: open on '/no-such-file': no such file or directory (ENOENT).",
  ]);
});

test.each([new TypeError('x is not a function'), new Error('x'), 'x', null, undefined, { code: 'ENOENT' }])(
  'a bug is told as nothing else: %p',
  (error) => {
    expect(describeError(error)).toBeNull();
  },
);
