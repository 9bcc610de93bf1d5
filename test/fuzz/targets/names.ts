import { checkImageName, imageNameOf, parseVersionedDirectoryName } from '../../../src/images/image-name.js';
import { compareNames, compareVersions } from '../../../src/images/version-order.js';
import { pickVersion } from '../../../src/images/versioned-directory.js';
import { hold, textTarget } from './text.js';

const TOKENS = [
  '~',
  '-',
  '^',
  '.',
  '_',
  '+',
  '0',
  '00',
  '9',
  '10',
  'a',
  'B',
  '\n',
  'x86-64',
  'arm64',
  '.raw',
  '.sysext',
  '.v',
  '+3-1',
  '\xce\xb1',
];

/** Versions, a line each: UAPI.10. */
export const VERSIONS = textTarget({
  name: 'versions',
  seeds: [
    '122.1\n123~rc1-1\n123\n123-a',
    '1.0~~rc1\n1.0~rc1\n1.0^git1\n1.0-1',
    'v1\n1_2_3\n1.3.3\n99999999999999999999',
  ],
  tokens: TOKENS,
  run(text) {
    const versions = text.split('\n').slice(0, 6);
    for (const a of versions) {
      hold(compareVersions(a, a) === 0, 'not equal to itself', a);
      for (const b of versions) {
        hold(
          compareVersions(a, b) === -compareVersions(b, a) || compareVersions(a, b) === 0,
          'both newer',
          a,
          b,
        );
        hold((compareNames(a, b) === 0) === (a === b), 'no total order', a, b);
        for (const c of versions)
          if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0)
            hold(compareVersions(a, c) <= 0, 'no order', a, b, c);
      }
    }
  },
});

/** A directory and its entries, a line each: systemd.v(7). */
export const VERSIONED_NAMES = textTarget({
  name: 'versioned-names',
  seeds: [
    'foo.raw.v\nfoo_1.2_x86-64+3-1.raw\nfoo_2+0-3.raw\nfoo_1.raw',
    'a.sysext.v\na_1.sysext\na_1~rc.sysext\na_.sysext',
  ],
  tokens: TOKENS,
  run(text, bytes) {
    const [name = '', ...files] = text.split('\n').slice(0, 8);
    for (const kind of ['directory', 'file', 'block'] as const) imageNameOf(name, kind, '.sysext');
    const problem = checkImageName(Buffer.from(bytes.split('\n')[0]!, 'latin1'));
    hold(problem !== null || !/[\0-\x1f\x7f/]/.test(name), 'a name that is none', name);
    const directory = parseVersionedDirectoryName(name, '.sysext');
    if (directory === null) return;
    const entries = files.map(
      (file) => ({ file, type: directory.wants === 'file' ? 'file' : 'directory' }) as const,
    );
    const { winner, losers, rejected } = pickVersion(entries, directory, 'x86-64');
    hold((winner ? 1 : 0) + losers.length + rejected.length === files.length, 'an entry is lost', files);
    if (winner === null) return;
    hold(
      winner.file.startsWith(`${directory.name}_`) && winner.file.endsWith(directory.suffix),
      'of another name',
      winner,
    );
    hold(/^[0-9A-Za-z.~^-]+$/.test(winner.version), 'no version', winner.version);
    const again = pickVersion([...entries].reverse(), directory, 'x86-64').winner;
    hold(again?.file === winner.file, 'the order of the directory counts', files);
  },
});
