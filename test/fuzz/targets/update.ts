import { findChecksum } from '../../../src/install/checksums.js';
import { parseReleasedName } from '../../../src/install/file-name.js';
import { parseManifest } from '../../../src/update/manifest.js';
import { formatPattern, isPlainPath, matchPattern, parsePattern } from '../../../src/update/pattern.js';
import { hold, textTarget } from './text.js';

const SUM = 'ab'.repeat(32);

/** SHA256SUMS: what a server says that it has. */
export const MANIFEST = textTarget({
  name: 'manifest',
  seeds: [`${SUM}  foo_1.raw\n${SUM} *dir/foo_2.raw\n`, `\\${SUM}  a\\nb\n${SUM}  BEST-BEFORE-2026-01-01\n`],
  tokens: [SUM, '  ', ' *', '\n', '\r', '\\', '/', '../', '\0', '\x1b', 'BEST-BEFORE-2026-01-01', '\xff'],
  run(text) {
    const listed = parseManifest(text, '2026-01-01');
    if ('kind' in listed) return;
    for (const { path, sha256 } of listed) {
      hold(isPlainPath(path), 'a path that leads elsewhere', path);
      hold(/^[0-9a-f]{64}$/.test(sha256), 'no checksum', sha256);
    }
    const found = findChecksum(text, 'foo_1.raw');
    hold(found === null || /^[0-9a-f]{64}$/.test(found), 'no checksum', found);
  },
});

/** MatchPattern= of a transfer file, and a name: a line each; sysupdate.d(5). */
export const PATTERN = textTarget({
  name: 'match-pattern',
  seeds: ['foo_@v.raw\nfoo_1.2.raw', '@v_@h-@u@@x\n1_ab-cd@x', '**/foo_@v.raw\nfoo_1.raw'],
  tokens: ['@v', '@u', '@h', '@l', '@@', '@', '/', '..', '.', '\0', '_', '.raw', '**/'],
  run(text) {
    const [pattern = '', path = ''] = text.split('\n');
    parseReleasedName(path, '.sysext');
    const parsed = parsePattern(pattern, true);
    if ('kind' in parsed) return;
    const fields = matchPattern(parsed, path);
    if (fields === null) return;
    hold(!/^\.\.?$/.test(fields.version), 'a version that leads elsewhere', fields.version);
    hold(fields.version !== '' && !/[/\0]/.test(fields.version), 'no version', fields.version);
    if (!parsed.anywhere) hold(formatPattern(parsed, fields) === path, 'another path', path, fields);
  },
});
