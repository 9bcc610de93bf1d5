import { SYSEXT } from '../../../src/extension-class.js';
import type { MountedPart } from '../../../src/mount/mounted-part.js';
import type { Exchange } from '../../../src/overlay/exchange.js';
import type { Detached, Target } from '../../../src/overlay/plan.js';
import { makePlan } from '../../../src/overlay/plan.js';
import type { DryRun, Outcome } from '../../../src/report/dry-run/dry-run.js';

const WORK = '/run/systemd/sysext/root-8-1-2';

export const TARGET: Target = {
  hierarchy: '/usr',
  path: '/usr',
  exists: true,
  missingParents: [],
  isMerged: true,
  extensions: [{ extension: 'a', path: '/var/lib/extensions/a/usr' }],
  writing: { upper: null, imported: null, recorded: null },
  submounts: [{ relative: 'local', isDirectory: true, device: '8:2', root: '/', isStacked: false }],
};

const DETACHED: Detached = {
  hierarchy: {
    name: '/usr',
    path: '/usr',
    merge: { names: ['a', 'b'], since: 1n, device: '0:50', origin: null, work: null },
  },
  submounts: TARGET.submounts,
  isMount: false,
  isStacked: false,
  work: '/var/lib/extensions.mutable/.systemd-usr-workdir',
};

export const LOOP: MountedPart = {
  designator: 'root',
  type: 'squashfs',
  device: { kind: 'loop', path: '/var/lib/extensions/a.raw', offset: 4096n, size: 8192n },
  options: 'ro,nodev',
  at: `${WORK}/extensions/a`,
};

/** A refresh that changes all that can be changed. */
export function steps(target: Target = TARGET, exchange: Exchange = 'beneath'): Outcome {
  const inside = (folder: string) => (hierarchy: string) => `${WORK}/${folder}${hierarchy}`;
  const plan = makePlan([DETACHED], [target], {
    root: '/',
    extensionClass: SYSEXT,
    flags: ['nodev'],
    mountOptions: null,
    names: ['a'],
    origin: '{\n\t"x"\n}\n',
    places: {
      metadata: inside('meta'),
      overlay: inside('overlay'),
      links: inside('lower'),
      old: inside('old'),
      ephemeral: inside('ephemeral'),
      host: (number) => `${WORK}/host/${number}`,
    },
    exchange,
  });
  const content = { size: '8192', mtime: '1', ctime: '2' };
  const source = { name: 'a', path: '/var/lib/extensions/a.raw', device: '2049', inode: '7', content };
  return {
    kind: 'steps',
    plan,
    detached: [DETACHED],
    targets: [target],
    sources: [{ ...source, parts: [LOOP], checks: [] }],
  };
}

export function dryRun(more: Partial<DryRun> = {}): DryRun {
  return {
    verb: 'refresh',
    extensionClass: SYSEXT,
    root: '/',
    caller: { program: 'sysext', root: '/', extensionClass: SYSEXT },
    mutable: 'no',
    hierarchies: [DETACHED.hierarchy],
    outcome: steps(),
    extensions: ['a'],
    skipped: [],
    ignored: [],
    messages: [],
    reasons: [],
    services: null,
    state: '/run/systemd/sysext',
    workspace: WORK,
    mayMount: true,
    ...more,
  };
}
