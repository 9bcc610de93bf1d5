import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readReport } from './report.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/vm.sh', import.meta.url));

/** With this status the script says that there can be no virtual machine here. */
const CANNOT = 77;

/** Names of scripts in test/vm/guest to run alone. */
const wanted = (process.env['SYSEXT_VM_SCRIPTS'] ?? '').split(/[ ,]+/).filter((name) => name !== '');

// One start of the machine runs all scripts. They are tests in the machine; here a test only tells how one ended.
const { status, stdout, stderr } = spawnSync('bash', [SCRIPT, ...wanted], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  maxBuffer: 64 * 1024 * 1024,
});

if (status === CANNOT) test.skip(stderr.trim(), () => {});
else {
  test('the machine reports to the end', () => {
    if (status !== 0) throw new Error(`status ${status}\n${stderr}${stdout}`);
  });
  for (const { name, checks, isComplete, rest } of readReport(stdout)) {
    describe(name, () => {
      for (const { text, kind, details } of checks) {
        if (kind === 'skipped') test.skip(`${text}: ${details}`, () => {});
        else
          test(text, () => {
            if (kind === 'failed') throw new Error(details);
          });
      }
      test('comes to its end', () => {
        if (!isComplete) throw new Error(rest);
      });
    });
  }
}
