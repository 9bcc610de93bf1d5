import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { searchPathOf } from '../../src/images/search-path.js';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'sysext-search-')));
  mkdirSync(join(root, 'etc'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const trusted = (path: string) => ({ path, trusted: true });
const untrusted = (path: string) => ({ path, trusted: false });

test('the places of an ordinary system', () => {
  symlinkSync('/nowhere', join(root, 'etc/initrd-release'));
  expect(searchPathOf(root, SYSEXT)).toEqual(SYSEXT.searchPath.map(trusted));
  expect(searchPathOf(root, CONFEXT)).toEqual(CONFEXT.searchPath.map(trusted));
});

/** The order was checked with systemd-sysext 262. */
test('the places of an initrd', () => {
  writeFileSync(join(root, 'etc/initrd-release'), 'ID=x\n');
  expect(searchPathOf(root, SYSEXT)).toEqual([
    trusted('/etc/extensions'),
    trusted('/run/extensions'),
    trusted('/var/lib/extensions'),
    untrusted('/.extra/sysext'),
    untrusted('/.extra/global_sysext'),
  ]);
  expect(searchPathOf(root, CONFEXT)).toEqual([
    trusted('/run/confexts'),
    trusted('/var/lib/confexts'),
    trusted('/usr/local/lib/confexts'),
    untrusted('/.extra/confext'),
    untrusted('/.extra/global_confext'),
  ]);
});
