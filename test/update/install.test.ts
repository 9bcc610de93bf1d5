import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installDeliveries } from '../../src/update/install.js';
import { readTransfer } from '../../src/update/read-transfer.js';

test('the symlink leads to the new version before an old one goes, to which it may have led', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-install-')));
  try {
    const text = `[Source]\nType=regular-file\nPath=/src\nMatchPattern=f_@v.raw
[Target]\nType=regular-file\nPath=/dst\nCurrentSymlink=/etc/extensions/f.raw\n`;
    const { result } = readTransfer('f', 'f.transfer', [{ file: 'f.transfer', text }], {});
    if ('kind' in result) throw new Error(result.kind);
    mkdirSync(join(root, 'etc/extensions'), { recursive: true });
    // A directory cannot be removed so: what comes after it is not done.
    mkdirSync(join(root, 'dst/f_1.raw/x'), { recursive: true });
    writeFileSync(join(root, 'dst/f_2.raw'), 'new');
    symlinkSync('/dst/f_1.raw', join(root, 'etc/extensions/f.raw'));
    const remove = [{ path: 'f_1.raw', fields: { version: '1' }, sha256: null }];
    const delivery = { transfer: result, source: null, path: 'f_2.raw', remove, removeTemporary: [] };
    expect(() => installDeliveries([delivery], [null], root)).toThrow(/f_1\.raw/);
    expect(readFileSync(join(root, 'etc/extensions/f.raw'), 'utf8')).toBe('new');
  } finally {
    rmSync(root, { recursive: true });
  }
});
