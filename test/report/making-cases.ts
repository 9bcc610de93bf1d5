import { CommandFailedError } from '../../src/host/process.js';
import { NotProvidedError } from '../../src/mount/unmounted/provide.js';
import { PackError, type PackProblem } from '../../src/pack/problem.js';
import { ReleaseFieldError } from '../../src/release/write-release.js';
import { NamespaceError } from '../../src/run/enter.js';
import { KeepError } from '../../src/run/keep.js';
import { GivenError, type GivenProblem } from '../../src/run/problem.js';

type Case = [error: (hostile: string) => Error, ...says: string[]];

const given = (problem: (hostile: string) => GivenProblem, ...says: string[]): Case => [
  (hostile) => new GivenError(problem(hostile)),
  ...says,
];
const keep = (problem: KeepError['problem'], says: string): Case => [
  (hostile) => new KeepError(`/k${hostile}`, problem),
  "'/k",
  says,
];
const lost = (hostile: string) =>
  ({ file: `/g${hostile}`, mark: 'whiteout', place: `/p${hostile}` }) as const;
const packed = (problem: (hostile: string) => PackProblem, ...says: string[]): Case => [
  (hostile) => new PackError(problem(hostile)),
  ...says,
];
const failure = (hostile: string) =>
  new CommandFailedError({
    command: ['unshare'],
    status: 1,
    signal: null,
    stdout: '',
    stderr: `unshare: not permitted${hostile}`,
  });
const provided = (problem: (hostile: string) => NotProvidedError['problem'], ...says: string[]): Case => [
  (hostile) =>
    new NotProvidedError(
      {
        name: `a${hostile}`,
        path: `/a${hostile}`,
        source: '/a',
        type: 'squashfs',
        loop: null,
        isLimited: false,
        at: '/w',
      },
      problem(hostile),
      `no fuse${hostile}`,
    ),
  "image 'a",
  ...says,
];

/** Errors of `run`, `init` and `pack`, by the name of the class, as in errors.test.ts. */
export const MAKING_CASES: Readonly<Record<string, readonly Case[]>> = {
  GivenError: [
    given(() => ({ kind: 'nothing' }), '--with='),
    given((name) => ({ kind: 'misfit', name: `a${name}` }), "'a", '--force'),
    given(
      (name) => ({ kind: 'same-name', name: `a${name}`, paths: [`/b${name}`, `/c${name}`] }),
      "'/b",
      "'/c",
    ),
    given(() => ({ kind: 'keep-without-writable' }), 'add --writable'),
    given((command) => ({ kind: 'not-found', command: `a${command}`, root: `/r${command}` }), "below '/r"),
    given((word) => ({ kind: 'not-executable', command: `a${word}`, path: `/b${word}`, root: '/' }), "'/b"),
  ],
  KeepError: [
    keep('not-empty', 'something in it'),
    keep('not-directory', 'not a directory'),
    keep('no-parent', 'does not exist'),
    keep('not-writable', 'may not write'),
    keep('bad-name', 'choose another one'),
    keep('inside', 'that is merged'),
  ],
  NamespaceError: [
    [
      (hostile) => new NamespaceError(true, { cause: failure(hostile) }),
      'a user namespace',
      'not permitted',
      'as root',
    ],
    [
      (hostile) => new NamespaceError(false, { cause: failure(hostile) }),
      'a mount namespace',
      'not permitted',
    ],
  ],
  NotProvidedError: [
    provided(() => ({ kind: 'no-unpacker' }), 'nothing but the kernel reads squashfs'),
    provided(
      () => ({ kind: 'unpacker-missing', command: 'unsquashfs', package: 'squashfs-tools' }),
      'no fuse',
      'install squashfs-tools',
    ),
    provided((said) => ({ kind: 'unpacker-failed', command: 'unsquashfs', said: `bad${said}` }), 'bad'),
  ],
  ReleaseFieldError: [
    [(hostile) => new ReleaseFieldError(`a${hostile}`, 'name'), "'a", 'capital letters'],
    [(hostile) => new ReleaseFieldError(`A${hostile}`, 'value'), "'A", 'control characters'],
  ],
  PackError: [
    packed(() => ({ kind: 'no-source' }), '--deb=', '--tar='),
    packed(() => ({ kind: 'no-output' }), '--output='),
    packed((path) => ({ kind: 'source-missing', path: `/a${path}` }), "'/a"),
    packed((path) => ({ kind: 'source-unknown', path: `/a${path}` }), "'/a", 'nor a tar archive'),
    packed((path) => ({ kind: 'special-file', path: `/a${path}`, type: 'fifo' }), "'/a", 'a fifo'),
    packed((path) => ({ kind: 'bad-name', path: `/a${path}` }), 'rename it'),
    packed((path) => ({ kind: 'unreadable', path: `/a${path}`, code: 'EACCES' }), 'EACCES'),
    packed((path) => ({ kind: 'hierarchy-not-directory', path: `/a${path}` }), 'not a directory'),
    packed((path) => ({ kind: 'too-many-files', path: `/a${path}` }), 'too many'),
    packed(() => ({ kind: 'nothing-to-pack', hierarchies: ['/usr', '/opt'] }), "'/usr', '/opt'"),
    packed((path) => ({ kind: 'output-name', path: `/a${path}`, wanted: 'NAME.raw' }), 'NAME.raw'),
    packed((path) => ({ kind: 'output-kind', path: `/a${path}` }), 'something else'),
    packed((path) => ({ kind: 'output-parent', path: `/a${path}` }), 'does not exist'),
    packed((path) => ({ kind: 'output-not-empty', path: `/a${path}` }), 'something in it'),
    packed((path) => ({ kind: 'output-inside', path: `/a${path}`, source: `/b${path}` }), "'/b"),
    packed(() => ({ kind: 'no-fields' }), '--for-host=/', '--id='),
    packed((name) => ({ kind: 'several-release-files', names: [`a${name}`, 'b'] }), "'a", "'b'"),
    packed((unit) => ({ kind: 'no-such-unit', unit: `a${unit}`, path: `/u/a${unit}` }), "'/u/a"),
    packed((unit) => ({ kind: 'unit-name', unit: `a${unit}` }), "'name.service'"),
    packed(() => ({ kind: 'unit-in-confext' }), '--service='),
    packed(() => ({ kind: 'key-alone', missing: '--certificate=' }), 'add --certificate='),
    packed((path) => ({ kind: 'key-unreadable', path: `/k${path}`, cause: failure(path) }), "'/k"),
    packed((said) => ({ kind: 'signing-failed', said: `no${said}` }), 'belong together'),
    packed(() => ({ kind: 'directory-protected' }), '--format='),
    packed((name) => ({ kind: 'no-partition-type', architecture: `cris${name}` }), "'cris"),
    packed((value) => ({ kind: 'bad-epoch', value: `now${value}` }), 'SOURCE_DATE_EPOCH=now'),
    packed(
      () => ({ kind: 'tool-missing', command: 'mksquashfs', package: 'squashfs-tools' }),
      'install squashfs-tools',
    ),
    packed(
      (said) => ({ kind: 'tool-failed', command: 'mksquashfs', said: `bad${said}` }),
      'Failed to run mksquashfs: bad',
    ),
    packed(
      (path) => ({ kind: 'lost-mark', source: `/a${path}`, lost: lost(path), isResult: true }),
      "'/g",
      'name an output',
    ),
    packed(
      (path) => ({ kind: 'lost-mark', source: `/a${path}`, lost: lost(path), isResult: false }),
      "'/p",
      'TMPDIR=',
    ),
    packed(
      (path) => ({ kind: 'hostile-entry', archive: `a${path}`, path: `b${path}`, why: 'it is a FIFO' }),
      'a FIFO',
    ),
    packed((said) => ({ kind: 'archive-damaged', archive: `a${said}`, said: `cut${said}` }), 'cut'),
    packed(
      (name) => ({ kind: 'no-image-in-archive', archive: `a${name}`, architecture: 'arm64' }),
      "'arm64'",
    ),
    packed(() => ({ kind: 'interrupted', signal: 'SIGTERM' }), 'SIGTERM', 'nothing was made'),
  ],
};
