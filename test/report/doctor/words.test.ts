import type { Finding, Surroundings } from '../../../src/doctor/finding.js';
import { judge } from '../../../src/doctor/judge.js';
import type { Leftover } from '../../../src/doctor/leftovers.js';
import { CommandFailedError } from '../../../src/host/process.js';
import { describeLeftover, describeMended } from '../../../src/report/doctor/leftovers.js';
import { describeFinding } from '../../../src/report/doctor/words.js';
import { SAMPLES } from '../../doctor/samples.js';
import { DANGEROUS, HOSTILE, makeHostile } from '../hostile.js';

const HOST: Surroundings = {
  kernel: '6.18',
  container: null,
  userNamespace: false,
  distributions: ['debian'],
};
const DOCKER: Surroundings = { ...HOST, container: 'docker' };
const words = (finding: Finding, where = HOST) => describeFinding(finding, where);

test.each(SAMPLES)('%j', (finding) => {
  const { title, found, wanted, command, advice } = words(finding);
  for (const text of [title, found, wanted]) expect(text).toMatch(/\S[^.]$/);
  if (judge(finding).verdict === 'fine') return;
  // Whatever is wrong, something can be done.
  expect(command ?? advice).toMatch(/\S[^.]$/);
  expect(words(finding, { ...DOCKER, distributions: [] })).toMatchObject({ title, wanted });
});

test('no two findings are told in the same words', () => {
  const told = SAMPLES.map(([finding]) => `${words(finding).title}: ${words(finding).found}`);
  // A program that is missing matters more where SELinux enforces; it is missing all the same.
  expect(told.length - new Set(told).size).toBeLessThanOrEqual(1);
});

/** Words of ours, by which the texts are chosen. */
const OURS = [
  'code',
  'state',
  'kind',
  'program',
  'type',
  'why',
  'propagation',
  'mode',
  'manager',
  'word',
  'problem',
];

test('what comes from files and programs is made harmless', () => {
  const cause = new CommandFailedError({
    command: ['mount'],
    status: 1,
    signal: null,
    stdout: '',
    stderr: `mount: /x: ${HOSTILE.trim()}`,
  });
  for (const [finding] of SAMPLES) {
    const hostile = makeHostile(finding, OURS) as unknown as Record<string, unknown>;
    if (finding.code === 'overlay' && 'cause' in finding.outcome)
      hostile['outcome'] = { ...finding.outcome, cause };
    if (finding.code === 'loop-devices' && finding.cause !== null) hostile['cause'] = cause;
    const texts = Object.values(words(hostile as unknown as Finding, DOCKER)).filter((text) => text !== null);
    for (const text of texts) expect(text).not.toMatch(DANGEROUS);
  }
});

test('a remedy is for the machine: options of the container, or a command', () => {
  const none = { code: 'loop-devices', state: 'none', device: null, cause: null } as const;
  expect(words(none)).toMatchObject({ command: 'modprobe loop', advice: null });
  expect(words(none, DOCKER)).toMatchObject({
    command: null,
    advice: 'start the container with --privileged --volume=/dev:/dev',
  });
  expect(words(none, { ...HOST, container: 'lxc' }).advice).not.toContain('--');
  const getfattr = {
    code: 'program',
    program: 'getfattr',
    state: 'absent',
    version: null,
    isVital: false,
  } as const;
  expect(words(getfattr).command).toBe('apt-get install attr');
  expect(words(getfattr, { ...HOST, distributions: [] })).toMatchObject({
    command: null,
    advice: 'install attr',
  });
});

const workspace = {
  kind: 'workspace',
  path: '/run/w',
  phase: 'half-done',
  hierarchies: ['/usr', '/opt'],
  devices: ['/dev/loop0'],
} as const;

test.each<[Leftover, RegExp, RegExp]>([
  [
    workspace,
    /what it did at '\/usr', '\/opt' is half done.*the devices \/dev\/loop0$/,
    /^Undid .* at '\/usr', '\/opt'/,
  ],
  [{ ...workspace, phase: 'not-tidied', devices: [] }, /is done, but not tidied up$/, /^Tidied up /],
  [
    { ...workspace, phase: 'nothing-shown', hierarchies: [] },
    /before it had changed anything/,
    /^Removed its workspace/,
  ],
  [
    { ...workspace, hierarchies: [], devices: [] },
    /what it did is half done/,
    /left half done, and removed its/,
  ],
  [{ kind: 'trace', path: '/run/l' }, /nobody holds that lock/, /^Removed '\/run\/l'\.$/],
  [
    { kind: 'unmerge', path: '/run/l' },
    /has to be finished$/,
    /^Finished an unmerge .* removed '\/run\/l'\.$/,
  ],
  [{ kind: 'look', path: '/tmp/l' }, /an image was looked at/, /^Removed /],
  [{ kind: 'work-directory', path: '/w', hierarchy: '/usr' }, /writable merge of '\/usr'/, /^Removed /],
])('%j', (leftover, left, mended) => {
  expect(describeLeftover(leftover)).toMatch(left);
  expect(describeMended(leftover)).toMatch(mended);
  const hostile = makeHostile(leftover, ['kind', 'phase']);
  expect(describeLeftover(hostile) + describeMended(hostile)).not.toMatch(DANGEROUS);
});
