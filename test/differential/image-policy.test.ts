import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { effectiveRules } from '../../src/images/policy/effective.js';
import {
  ATTRIBUTE_FLAGS,
  type Flags,
  fileSystemsOf,
  SHORTCUTS,
  usesOf,
} from '../../src/images/policy/flag.js';
import { formatImagePolicy, formatLongImagePolicy } from '../../src/images/policy/format.js';
import { ImagePolicyError, parseImagePolicy } from '../../src/images/policy/parse.js';
import { IGNORE, type ImagePolicy } from '../../src/images/policy/policy.js';
import { anyPolicy, brokenPolicy } from '../support/policies.js';
import { ENVIRONMENT, findOracles } from './programs.js';

/** The first version whose policies are as they are now. */
const SINCE = 260;

const analyzers = findOracles()
  .filter(({ version }) => version >= SINCE)
  .flatMap(({ name, tool }) => {
    const command = tool('systemd-analyze');
    return command === null ? [] : [{ name, command }];
  });

if (analyzers.length === 0)
  test.skip(`no original here is systemd ${SINCE} or later with systemd-analyze`, () => {});

/** The same number of policies each time, and the same policies. */
const SAMPLE = { seed: 20_262, numRuns: 250 };

for (const { name, command } of analyzers) {
  describe(name, () => policiesAgree(command));
}

function policiesAgree(command: readonly string[]): void {
  test('policies are written and mean the same', () => {
    for (const text of fc.sample(anyPolicy, SAMPLE)) {
      const ours = describePolicy(parseImagePolicy(text));
      expect(`${text}\n${ours}`).toBe(`${text}\n${analyze(command, text).stdout}`);
    }
  });

  test('what is no policy is none, for the same reason', () => {
    for (const text of fc.sample(brokenPolicy, SAMPLE)) {
      const { status, stderr } = analyze(command, text);
      // Options and names of built-in policies are read before policies are.
      const reason = status === 0 ? 'none' : (stderr.trim().split(': ').at(-1) ?? '');
      expect(`${text}: ${ERRORS[problemOf(text)]}`).toBe(`${text}: ${reason}`);
    }
  });
}

const ERRORS = {
  none: 'none',
  'no-equals': 'Invalid argument',
  'unknown-designator': 'Invalid slot',
  duplicate: 'Name not unique on network',
  'unknown-flag': 'Invalid request code',
} as const;

function problemOf(text: string): keyof typeof ERRORS {
  try {
    parseImagePolicy(text);
    return 'none';
  } catch (error) {
    if (error instanceof ImagePolicyError) return error.problem.kind;
    throw error;
  }
}

function analyze(
  command: readonly string[],
  policy: string,
): { status: number | null; stdout: string; stderr: string } {
  const [program = '', ...words] = command;
  const { status, stdout, stderr, error } = spawnSync(program, [...words, 'image-policy', '--', policy], {
    encoding: 'utf8',
    env: { ...ENVIRONMENT },
  });
  if (error) throw error;
  return { status, stdout: stdout.replace(/ +$/gm, '').trim(), stderr };
}

/** Our knowledge of a policy, laid out as the original does. */
function describePolicy(policy: ImagePolicy): string {
  const short = formatImagePolicy(policy);
  const long = formatLongImagePolicy(policy);
  const rows = effectiveRules(policy).map(({ designator, flags }) => [designator, ...cells(flags)]);
  rows.push(['default', ...cells(policy.otherwise ?? IGNORE.otherwise ?? [])]);
  const table = [['PARTITION', 'MODE', 'READ-ONLY', 'GROWFS', 'FSTYPE'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(' ')
      .trimEnd(),
  );
  const head = [`Analyzing policy: ${short}`, ...(short === long ? [] : [`       Long form: ${long}`])];
  return [...head, '', ...lines].join('\n');
}

function cells(flags: Flags): string[] {
  const uses = usesOf(flags).join('+');
  const [shortcut] = Object.entries(SHORTCUTS).find(([, meant]) => meant.join('+') === uses) ?? [];
  const attribute = (name: string) => {
    const both = ATTRIBUTE_FLAGS.filter((flag) => flag.startsWith(name) && flags.includes(flag));
    return both.length === 1 ? (both[0]!.endsWith('-on') ? 'yes' : 'no') : '-';
  };
  return [
    shortcut ?? (uses || '-'),
    attribute('read-only-'),
    attribute('growfs-'),
    fileSystemsOf(flags).join('+') || '-',
  ];
}
