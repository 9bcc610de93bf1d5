import { findOracles } from '../../differential/programs.js';
import { type Machine, type MachineOptions, onMachine } from '../../support/machine.js';
import { succeeded } from '../../support/outcome.js';
import { ALWAYS, change, REFRESHES, TREE, whileRead } from './readers.js';

interface Situation {
  readonly name: string;
  /** Shell code before anything is merged; `$R` is the root. */
  readonly before?: string;
  readonly options?: readonly string[];
  readonly merge?: (machine: Machine) => Promise<void>;
  readonly machine?: MachineOptions;
  /** What else is there all the time. */
  readonly more?: readonly string[];
}

const oracle = findOracles().find(({ version }) => version >= 254);

const SITUATIONS: Situation[] = [
  { name: 'hierarchies on the file system of the root' },
  { name: 'the same where mounts are private', machine: { propagation: 'private' } },
  {
    name: 'hierarchies that are mounts of their own',
    before: [
      'cp -a $R/opt $R/opt.copy; mount --bind $R/opt.copy $R/opt; mount --make-private $R/opt',
      'cp -a $R/usr $R/usr.copy; mount -t tmpfs tmp $R/usr; cp -a $R/usr.copy/. $R/usr',
    ].join('\n'),
  },
  ...(['auto', 'ephemeral'] as const).map((mode) => ({
    name: `a writable merge (${mode})`,
    before: 'mkdir -p $R/var/lib/extensions.mutable/usr; echo w >$R/var/lib/extensions.mutable/usr/written',
    options: [`--mutable=${mode}`],
    more: mode === 'auto' ? ['usr/written'] : [],
  })),
  {
    name: 'the hierarchy’s own directory as upper directory',
    before: 'mkdir -p $R/var/lib/extensions.mutable; ln -s /usr $R/var/lib/extensions.mutable/usr',
    options: ['--mutable=auto'],
  },
  {
    name: 'a mount below a hierarchy',
    before: 'mount -t tmpfs below $R/usr/below; echo m >$R/usr/below/mounted',
    more: ['usr/below/mounted'],
  },
  ...(oracle === undefined
    ? []
    : [
        {
          name: `a merge of ${oracle.name}`,
          merge: async (machine: Machine) => {
            const words = [...oracle.command('sysext'), `--root=${machine.root}`, '--no-reload', 'merge'];
            await machine.namespace.must(words);
          },
        },
      ]),
];

test.each(SITUATIONS)('no file vanishes that is there before and after: $name', async (situation) => {
  const { before = ':', options = [], merge, more = [], machine: settings = {} } = situation;
  await onMachine({ ...settings, tree: TREE }, async (machine) => {
    await machine.namespace.must(['env', `R=${machine.root}`, 'sh', '-ec', before]);
    const untouched = machine.state();
    if (merge === undefined) succeeded(await machine.call(['merge', ...options]));
    else await merge(machine);
    const all = [...ALWAYS, ...more];
    const seen = await whileRead(machine, all, async () => {
      for (let count = 0; count < REFRESHES; count++) {
        const isThere = change(machine);
        succeeded(await machine.call(['refresh', ...options]));
        expect(machine.read('usr/share/goes')).toBe(isThere ? 'goes\n' : null);
        expect(machine.read('opt/goes')).toBe(isThere ? 'goes\n' : null);
      }
    });
    const { looks, runs, ...failed } = seen;
    expect(failed).toEqual({ failures: 0, longest: 0, examples: [] });
    expect(looks).toBeGreaterThan(1000);
    expect(runs).toBeGreaterThan(2);
    if (REFRESHES % 2 === 1) change(machine);
    succeeded(await machine.call('unmerge'));
    // The original leaves directories of its own in /run.
    expect(machine.state()).toMatchObject({ mounts: untouched.mounts, loops: untouched.loops });
    expect(machine.read('usr/share/stays')).toBeNull();
  });
});
