import type { CheckReport } from '../../src/mount/open-verity.js';
import { describeCheck, describeMissingGetfattr } from '../../src/report/checks.js';
import { DANGEROUS, HOSTILE, makeHostile } from './hostile.js';

const KERNEL = { kind: 'kernel' } as const;
const UNSIGNED = { kind: 'unsigned' } as const;
const refused = {
  command: ['veritysetup', 'open'],
  status: 1,
  signal: null,
  stdout: '',
  stderr: 'Device is in use.\nmore\n',
};
const SIGNED = {
  kind: 'signed',
  certificate: '/etc/verity.d/a.crt',
  fingerprint: 'ab',
  subject: 'CN=Example',
} as const;

const byUs = (because: Extract<CheckReport['by'], { kind: 'program' }>['because']): CheckReport => ({
  by: { kind: 'program', bytes: 8192n, because },
  signature: UNSIGNED,
});

test.each<[name: string, check: CheckReport, lines: readonly (readonly [level: string, says: string])[]]>([
  [
    'by the kernel',
    { by: KERNEL, signature: UNSIGNED },
    [['debug', "The kernel checks 'foo' while it reads"]],
  ],
  [
    'here, for want of a device mapper',
    byUs({ kind: 'no-device-mapper' }),
    [['info', "Checked all 8192 bytes of 'foo' against its hash tree before mounting"]],
  ],
  [
    'here, for want of veritysetup',
    byUs({ kind: 'no-program', program: 'veritysetup' }),
    [['info', 'veritysetup(8) is not installed.']],
  ],
  [
    'here, because the kernel refused',
    byUs({ kind: 'refused', result: refused }),
    [['info', 'veritysetup(8) failed (Device is in use.).']],
  ],
  [
    'signed by somebody who is trusted',
    { by: KERNEL, signature: SIGNED },
    [
      ['debug', 'The kernel checks'],
      ['debug', "is signed by 'CN=Example', who is trusted by /etc/verity.d/a.crt."],
    ],
  ],
  [
    'signed for the kernel',
    { by: KERNEL, signature: { kind: 'signed-for-kernel' } },
    [
      ['debug', 'The kernel checks'],
      ['debug', "signed by somebody in the kernel's keyring."],
    ],
  ],
  [
    'less than it claims',
    { by: KERNEL, signature: { kind: 'untrusted', issuer: 'CN=X', serial: '2a', certificates: 1 } },
    [
      ['debug', 'The kernel checks'],
      [
        'warning',
        "'foo' is merged as an image without signature, though it has one: its signer (issuer 'CN=X'",
      ],
    ],
  ],
])('%s', (_, check, lines) => {
  const said = describeCheck('foo', check);
  expect(said.map(({ level }) => level)).toEqual(lines.map(([level]) => level));
  for (const [index, [, words]] of lines.entries()) expect(said[index]!.message).toContain(words);
  for (const { message } of said) expect(message).toMatch(/^[A-Z'].*\.$/);

  const hostile = makeHostile(check, ['kind', 'program', 'reason']);
  for (const { message } of describeCheck(HOSTILE, hostile)) expect(message).not.toMatch(DANGEROUS);
});

test('a root hash that nobody could read', () => {
  expect(describeMissingGetfattr('foo')).toContain('package attr');
  expect(describeMissingGetfattr(HOSTILE)).not.toMatch(DANGEROUS);
});
