import { CommandFailedError } from '../../../src/host/process.js';
import { InstallError, type InstallProblem } from '../../../src/install/problem.js';
import { DownloadError, type DownloadProblem } from '../../../src/install/request.js';
import { describeError } from '../../../src/report/errors.js';

const NAME = 'foo\x1b[31m\n';

/** One of each kind; the compiler asks for those that are new. */
const PROBLEMS: { readonly [Kind in InstallProblem['kind']]: Extract<InstallProblem, { kind: Kind }> } = {
  'no-source': { kind: 'no-source', source: NAME },
  'no-image': { kind: 'no-image', source: NAME },
  'no-raw': { kind: 'no-raw', source: NAME },
  'copy-failed': {
    kind: 'copy-failed',
    source: NAME,
    cause: new CommandFailedError({
      command: ['cp'],
      status: 1,
      signal: null,
      stdout: '',
      stderr: `cp: ${NAME}`,
    }),
  },
  'lost-mark': {
    kind: 'lost-mark',
    source: NAME,
    lost: { file: NAME, mark: 'opaque', place: NAME },
  },
  'bad-name': { kind: 'bad-name', name: NAME, problem: { kind: 'control-character' } },
  'no-version': { kind: 'no-version', name: NAME, directory: NAME },
  checksum: { kind: 'checksum', source: NAME, wanted: 'a', found: 'b' },
  'no-checksum': { kind: 'no-checksum', source: NAME, list: NAME },
  'checksum-of-directory': { kind: 'checksum-of-directory', source: NAME },
  unusable: { kind: 'unusable', source: NAME, problem: { kind: 'text' } },
  unfit: {
    kind: 'unfit',
    name: NAME,
    source: NAME,
    releaseDirectory: 'usr/lib/extension-release.d',
    mismatch: { kind: 'id-mismatch', field: 'ID', wanted: NAME, found: 'debian', idLike: [] },
  },
  'version-exists': { kind: 'version-exists', name: NAME, version: NAME, path: NAME },
  'name-taken': { kind: 'name-taken', name: NAME, entry: NAME },
  'not-exchangeable': { kind: 'not-exchangeable', path: NAME },
  'not-installed': { kind: 'not-installed', name: NAME },
  elsewhere: { kind: 'elsewhere', name: NAME, entry: NAME },
  'merged-directory': { kind: 'merged-directory', name: NAME, entry: NAME },
  'in-the-way': { kind: 'in-the-way', path: NAME },
  'own-name': {
    kind: 'own-name',
    name: NAME,
    entry: NAME,
    isRuntime: false,
    otherwise: NAME,
    images: NAME,
    lasts: false,
  },
  'comes-first': { kind: 'comes-first', name: NAME, entry: NAME, place: NAME, isRuntime: true },
  masked: { kind: 'masked', name: NAME, entry: NAME },
  'not-versioned': { kind: 'not-versioned', name: NAME, entry: NAME },
  'no-such-version': { kind: 'no-such-version', name: NAME, version: NAME, versions: ['1', NAME] },
  'none-older': { kind: 'none-older', name: NAME, version: NAME },
};

test.each(Object.values(PROBLEMS))('$kind is told in one line that no name can break', (problem) => {
  const [line, ...more] = describeError(new InstallError(problem)) ?? [];
  expect(more).toEqual([]);
  expect(line).toMatch(/^[\x20-\x7e]+\. Nothing was changed\.$/);
  expect(line).not.toMatch(/undefined|null|\[object|\.\. /);
});

const DOWNLOADS: { readonly [Kind in DownloadProblem['kind']]: Extract<DownloadProblem, { kind: Kind }> } = {
  'no-url': { kind: 'no-url' },
  protocol: { kind: 'protocol', protocol: 'ftp' },
  status: { kind: 'status', status: 503 },
  redirects: { kind: 'redirects', limit: 10 },
  downgrade: { kind: 'downgrade', to: 'http://example.com/' },
  'too-large': { kind: 'too-large', limit: 4 * 1024 ** 3, size: 5.5 * 1024 ** 3 },
  'no-room': { kind: 'no-room', needed: 2048, available: 1 },
  truncated: { kind: 'truncated', received: 1, wanted: 2 },
  stalled: { kind: 'stalled', seconds: 60 },
  connection: {
    kind: 'connection',
    cause: new TypeError('fetch failed', { cause: new Error(`connect ECONNREFUSED ${NAME}`) }),
  },
};

test.each(Object.values(DOWNLOADS))('download: $kind', (problem) => {
  const [line, ...more] = describeError(new DownloadError(`http://example.com/${NAME}`, problem)) ?? [];
  expect(more).toEqual([]);
  expect(line).toMatch(/^Failed to download 'http:[\x20-\x7e]+\. Nothing was changed\.$/);
});

test('sizes are for people, and the reason is the innermost one', () => {
  const say = (problem: DownloadProblem) => describeError(new DownloadError('http://x/', problem))![0];
  expect(say(DOWNLOADS['too-large'])).toContain('with 5.5 GiB it is larger than 4 GiB; allow more');
  expect(say(DOWNLOADS['no-room'])).toContain('it takes 2 KiB, but only 1 B are free');
  expect(say(DOWNLOADS.connection)).toContain('ECONNREFUSED');
  const cause = new TypeError('ECONNREFUSED: Unable to connect. Is the computer able to access the url?');
  expect(say({ kind: 'connection', cause })).toMatch(/: ECONNREFUSED: Unable to connect\. Nothing was/);
});
