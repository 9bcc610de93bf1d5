import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { judgeImage } from '../../src/images/policy/judge.js';
import { parseImagePolicy } from '../../src/images/policy/parse.js';
import type { PolicyVerdict } from '../../src/images/policy/verdict.js';
import { provide } from '../support/debian.js';
import { policyFor } from '../support/policies.js';
import { makePolicyImages, type PolicyImage } from './policy-images.js';
import { ENVIRONMENT, findOracles, type Oracle } from './programs.js';

const missing = provide({
  openssl: 'openssl',
  mksquashfs: 'squashfs-tools',
  veritysetup: 'cryptsetup-bin',
  'mkfs.ext4': 'e2fsprogs',
});

const oracles = findOracles().filter(
  ({ version, tool }) =>
    version >= 260 && tool('systemd-dissect') !== null && tool('systemd-repart') !== null,
);

const reason =
  oracles.length === 0
    ? 'no original here is systemd 260 or later with systemd-dissect and systemd-repart'
    : missing;

if (reason !== null) test.skip(reason, () => {});

for (const { name, tool } of reason === null ? oracles : []) {
  describe(name, () => verdictsAgree(tool));
}

function verdictsAgree(tool: Oracle['tool']): void {
  const directory = mkdtempSync(join(tmpdir(), 'sysext-policy-'));
  let images: PolicyImage[] = [];
  beforeAll(() => {
    images = makePolicyImages(directory, tool);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('the same images are used and refused, for the same partition', () => {
    for (const text of fc.sample(policyFor, { seed: 20_262, numRuns: 60 })) {
      const policy = parseImagePolicy(text);
      for (const { file, facts } of images) {
        const verdict = judgeImage(policy, facts);
        const theirs = validate(tool('systemd-dissect')!, file, text);
        const asked = `${basename(file)} with ${text}`;
        const ours = outcomeOf(verdict);
        // What they find out only at the second look they say last.
        if (looksTwice(verdict) && theirs !== 'nothing left') expect(ours).toMatch(/refused|nothing left/);
        else expect(`${asked}: ${ours}`).toBe(`${asked}: ${theirs}`);
      }
    }
  });
}

/**
 * The original looks twice at a partition, before and after it knows what is in it, and is content if a policy allows
 * something each time: with `root=verity+encrypted+absent` it uses a partition that has neither. Ours does not.
 */
function looksTwice(verdict: PolicyVerdict): boolean {
  if (verdict.kind !== 'refused') return false;
  const { refusal } = verdict;
  if (refusal.kind === 'nothing-left') return refusal.ignored.length > 0;
  return refusal.kind === 'protection' && refusal.wanted.some((use) => use.startsWith('encrypted'));
}

function outcomeOf(verdict: PolicyVerdict): string {
  if (verdict.kind === 'accepted') return 'used';
  const { refusal } = verdict;
  if (refusal.kind === 'nothing-left') return 'nothing left';
  return `${refusal.kind === 'unpaired' ? 'unpaired' : refusal.designator} refused`;
}

function validate(command: readonly string[], file: string, policy: string): string {
  const [program = '', ...words] = [...command, '--validate', `--image-policy=${policy}`, file];
  const { status, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...ENVIRONMENT, SYSTEMD_LOG_LEVEL: 'debug' },
  });
  if (error) throw error;
  if (status === 0) return 'used';
  const refused = /artition (?:of designator )?'?([\w-]+)'? [^\n]*(?:, refusing|refusing\.)/.exec(
    stderr,
  )?.[1];
  if (refused !== undefined) return `${refused} refused`;
  if (/without matching/.test(stderr)) return 'unpaired refused';
  return /suitable/.test(stderr) ? 'nothing left' : stderr.trim();
}
