import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { extension, HOST } from '../support/fixtures.js';
import { file, symlink } from '../support/tree.js';
import { compareRuns, staleStanding } from './compare.js';
import { INTENDED_DIFFERENCES, type IntendedDifference } from './intended-differences.js';
import { ASPECTS, type Aspect } from './observation.js';
import { findOracles, findSubject, NO_ORACLE, type Oracle, type Program } from './programs.js';
import { Runs, type Step } from './run.js';
import type { Scenario } from './scenario.js';
import { expectSame } from './suite.js';

/** A program that does what an original does, and something wrong beside. The script has the call in "$@", and ROOT. */
const wrong = (oracle: Oracle, script: string): Program => ({
  name: 'wrong',
  command: (cls) => ['sh', '-c', `${PRELUDE}\n${script}`, 'sh', ...oracle.command(cls)],
});

const PRELUDE = `
for word; do case $word in --root=*) ROOT=\${word#--root=};; esac; done
for word; do case $word in merge|unmerge|list) VERB=$word;; esac; done
`;

const SCENARIO: Scenario = {
  name: 'two extensions for two hierarchies',
  tree: { ...HOST, ...extension('a'), ...extension('b', { files: { 'opt/b': 'b', 'usr/share/b': 'b' } }) },
  calls: ['list', 'merge', 'unmerge'],
};

const MISTAKES: Readonly<Record<string, { readonly script: string; readonly seenIn: Aspect }>> = {
  'another exit status': { script: '"$@"; exit 3', seenIn: 'status' },
  'one word more on standard output': { script: '"$@"; echo done', seenIn: 'stdout' },
  'nothing on standard output': { script: '"$@" >/dev/null', seenIn: 'stdout' },
  'says that it merged, and did not': { script: '[ $VERB = merge ] || "$@"', seenIn: 'mounts' },
  'merges only one hierarchy': { script: '"$@"; [ $VERB != merge ] || umount "$ROOT/opt"', seenIn: 'mounts' },
  'does not unmerge': { script: '[ $VERB = unmerge ] || "$@"', seenIn: 'mounts' },
  'merges with another flag': {
    script: '"$@"; [ $VERB != merge ] || mount -o remount,bind,ro,nosuid "$ROOT/usr"',
    seenIn: 'mounts',
  },
  'leaves a mount in its workspace': {
    script: '"$@"; mkdir -p /run/systemd/sysext; mount -t tmpfs tmpfs /run/systemd/sysext',
    seenIn: 'mounts',
  },
  'merges another content': {
    script: '[ $VERB != merge ] || echo x > "$ROOT/var/lib/extensions/a/usr/share/a"; "$@"',
    seenIn: 'tree',
  },
  'changes the mode of a hierarchy': {
    script: '[ $VERB != merge ] || chmod 700 "$ROOT/usr"; "$@"',
    seenIn: 'tree',
  },
  'changes the owner of a file': {
    script: '"$@"; [ $VERB != unmerge ] || chown 1 "$ROOT/usr/bin/host"',
    seenIn: 'tree',
  },
  'leaves a file behind': { script: '"$@"; [ $VERB != unmerge ] || : > "$ROOT/left"', seenIn: 'tree' },
  'writes another name into the metadata': {
    script:
      '"$@"; [ $VERB != merge ] || { echo b > /run/x; mount --bind /run/x "$ROOT/usr/.systemd-sysext/extensions"; }',
    seenIn: 'metadata',
  },
  'writes another device into the metadata': {
    script:
      '"$@"; [ $VERB != merge ] || { echo 0:9999 > /run/x; mount --bind /run/x "$ROOT/usr/.systemd-sysext/dev"; }',
    seenIn: 'metadata',
  },
};

const oracles = findOracles();
const isRoot = process.getuid?.() === 0;
// Jest does not print the names of skipped tests where it runs several files, and a silent pass would deceive.
if (oracles.length === 0) process.stderr.write(`differential tests are skipped: ${NO_ORACLE}\n`);
if (oracles.length === 0 || !isRoot)
  test.skip(isRoot ? NO_ORACLE : 'mistakes are made by root only', () => {});

for (const oracle of isRoot ? oracles : [])
  describe(`a program that is like ${oracle.name}, but`, () => mistakes(oracle));

function mistakes(oracle: Oracle): void {
  test.each(Object.entries(MISTAKES))('%s', async (_, { script, seenIn }) => {
    await withRuns(SCENARIO, async (runs) => {
      const subject = wrong(oracle, script);
      await expect(expectSame(runs, [subject], oracle)).rejects.toThrow('expect(received)');
      expect(differing(await runs.by([subject]), await runs.by([oracle]))).toContain(seenIn);
    });
  });

  test('nothing', async () => {
    await withRuns(SCENARIO, (runs) => expectSame(runs, [wrong(oracle, '"$@"')], oracle));
  });

  test('leaves a loop device behind', async () => {
    const scenario: Scenario = {
      name: 'a loop device',
      tree: { ...HOST, image: file(Buffer.alloc(65536)) },
      calls: ['list', 'unmerge'],
      images: true,
    };
    await withRuns(scenario, async (runs) => {
      const subject = wrong(oracle, '"$@"; [ $VERB != unmerge ] || losetup --find --show "$ROOT/image"');
      try {
        await expect(expectSame(runs, [subject], oracle)).rejects.toThrow('1 loop devices are left');
      } finally {
        // It is told by what the mistake printed: with the namespace gone, the kernel knows another path of the file.
        const printed = (await runs.by([subject])).map(
          ({ seen }) => /^\/dev\/loop\d+$/m.exec(seen.stdout)?.[0],
        );
        spawnSync('losetup', ['--detach', printed.find((device) => device !== undefined)!]);
      }
    });
  });

  test('an intended difference does not show', async () => {
    const scenario: Scenario = {
      name: 'a symlink to /dev/null',
      tree: { ...HOST, 'etc/extensions/a': symlink('/dev/null'), ...extension('a') },
      calls: [{ args: 'list', differs: ['dev-null-masks'] }],
    };
    await withRuns(scenario, async (runs) => {
      await expect(expectSame(runs, [wrong(oracle, '"$@"')], oracle)).rejects.toThrow('list: dev-null-masks');
    });
  });

  test('more differs than is intended', async () => {
    const scenario: Scenario = {
      name: 'a symlink to /dev/null',
      tree: { ...HOST, 'etc/extensions/a': symlink('/dev/null'), ...extension('a') },
      calls: [{ args: 'list', differs: ['dev-null-masks'] }],
    };
    await withRuns(scenario, async (runs) => {
      const subject = wrong(oracle, '[ $VERB = list ] || "$@"; [ $VERB != list ] || exit 1');
      const [ours, theirs] = [await runs.by([subject]), await runs.by([oracle])];
      const compared = compareRuns(ours, theirs, oracle.version);
      expect(compared.stale).toEqual([]);
      expect(compared.subject).not.toBe(compared.original);
    });
  });
}

describe('intended differences', () => {
  for (const oracle of oracles) {
    test(`that come with the age of ${oracle.name} still show`, async () => {
      await withRuns({ ...SCENARIO, calls: ['status', 'merge'] }, async (runs) => {
        const [ours, theirs] = [await runs.by([findSubject()]), await runs.by([oracle])];
        expect(staleStanding(ours, theirs, oracle.version)).toEqual([]);
      });
    });
  }

  test('are each expected by a scenario', () => {
    const directory = fileURLToPath(new URL('.', import.meta.url));
    const suites = readdirSync(directory).filter((name) => name.endsWith('.test.ts'));
    const text = suites.map((name) => readFileSync(`${directory}/${name}`, 'utf8')).join('');
    const named = Object.entries<IntendedDifference>(INTENDED_DIFFERENCES).filter(
      ([, { standing }]) => !standing,
    );
    expect(named.map(([id]) => id).filter((id) => !text.includes(`'${id}'`))).toEqual([]);
  });
});

async function withRuns(scenario: Scenario, action: (runs: Runs) => Promise<void>): Promise<void> {
  const runs = new Runs(scenario);
  try {
    await action(runs);
  } finally {
    runs.remove();
  }
}

/** Which observations differ, at any call. */
function differing(ours: readonly Step[], theirs: readonly Step[]): Aspect[] {
  return ASPECTS.filter((aspect) =>
    theirs.some(({ seen }, index) => seen[aspect] !== ours[index]!.seen[aspect]),
  );
}
