import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from './markdown.js';

const isRoot = process.getuid?.() === 0;
const unshare = ['unshare', ...(isRoot ? [] : ['--user', '--map-root-user']), '--mount', 'true'];
const mayUnshare = spawnSync(unshare[0]!, unshare.slice(1)).status === 0;

const title = 'the demo does what it says, and leaves nothing behind';
if (!mayUnshare) test.skip(`${title}: missing: the right to make a mount namespace`, () => {});
else
  test(title, () => {
    const directory = mkdtempSync(join(tmpdir(), 'sysext-demo-test-'));
    const { status, stdout, stderr } = spawnSync('bash', [join(CHECKOUT, 'scripts/demo.sh')], {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: directory },
      timeout: 300_000,
    });
    const left = readdirSync(directory);
    rmSync(directory, { recursive: true });
    expect(`${stderr}${status === 0 ? '' : stdout}`).toBe('');
    expect(stdout).toContain("inside $ sysext merge\nIgnoring extension 'stranger'");
    expect(stdout).toContain("\nMerged extensions into '/usr'.\n");
    expect(stdout).toContain('OK: the mount table is, line by line, what it was before the merge.');
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toMatch(/\nnpm test +all checks, and the tests\n$/);
    expect(left).toEqual([]);
  }, 320_000);
