import fc from 'fast-check';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { chooseExchange } from '../../src/overlay/exchange.js';
import type { Upper, Writing } from '../../src/overlay/mutable.js';
import {
  type BuildPlaces,
  type Detached,
  makePlan,
  type PlanInput,
  planUnmerge,
  type Target,
} from '../../src/overlay/plan.js';
import type { Plan } from '../../src/overlay/step.js';
import type { Submount } from '../../src/overlay/submounts.js';

const places: BuildPlaces = {
  metadata: (hierarchy) => `/w/meta${hierarchy}`,
  overlay: (hierarchy) => `/w/overlay${hierarchy}`,
  links: (hierarchy) => `/w/lower${hierarchy}`,
  old: (hierarchy) => `/w/old${hierarchy}`,
  ephemeral: (hierarchy) => `/w/ephemeral${hierarchy}`,
  host: (number) => `/w/host/${number}`,
};

function input(more: Partial<PlanInput> = {}): PlanInput {
  return {
    root: '/mnt',
    extensionClass: SYSEXT,
    flags: ['nodev'],
    mountOptions: null,
    names: ['a', 'b'],
    origin: '{}\n',
    places,
    exchange: 'detach',
    ...more,
  };
}

const READ_ONLY: Writing = { upper: null, imported: null, recorded: null };

function target(hierarchy: string, more: Partial<Target> = {}): Target {
  return {
    hierarchy,
    path: `/mnt${hierarchy}`,
    exists: true,
    missingParents: [],
    isMerged: false,
    extensions: [{ extension: 'b', path: `/x/b${hierarchy}` }],
    writing: READ_ONLY,
    submounts: [],
    ...more,
  };
}

function detached(name: string, more: Partial<Detached> = {}): Detached {
  return {
    hierarchy: { name, path: `/mnt${name}`, merge: null },
    submounts: [],
    isMount: false,
    isStacked: false,
    work: null,
    ...more,
  };
}

function submount(relative: string, more: Partial<Submount> = {}): Submount {
  return { relative, isDirectory: true, device: '0:50', root: '/', isStacked: false, ...more };
}

const VAR = '/mnt/var/lib/extensions.mutable';

function upper(hierarchy: string, kind: Upper['kind']): Upper {
  const name = hierarchy.slice(1);
  return kind === 'ephemeral'
    ? { path: `/w/ephemeral${hierarchy}/upper`, work: `/w/ephemeral${hierarchy}/work`, kind }
    : { path: `${VAR}${hierarchy}`, work: `${VAR}/.systemd-${name}-workdir`, kind };
}

const writable = (hierarchy: string, kind: Upper['kind']): Partial<Target> => ({
  writing: { upper: upper(hierarchy, kind), imported: null, recorded: null },
});

/** The steps in short: what is done, and to which path. */
function outline({ steps }: Plan): string[] {
  return steps.map((step) => {
    switch (step.kind) {
      case 'write-metadata':
        return `${step.kind} ${step.directory}`;
      case 'mount-overlay':
        return `${step.kind} ${step.at}`;
      case 'carry':
        return `${step.kind} ${step.from} ${step.to}`;
      case 'reach':
        return `${step.kind} ${step.from} ${step.to}`;
      case 'lift':
        return `${step.kind} ${step.merges.map(({ path }) => path).join(' ')}`;
      default:
        return `${step.kind} ${step.path}`;
    }
  });
}

const only = <Kind extends Plan['steps'][number]['kind']>({ steps }: Plan, kind: Kind) =>
  steps.filter((step): step is Extract<Plan['steps'][number], { kind: Kind }> => step.kind === kind);

test('nothing to merge: nothing to do', () => {
  expect(makePlan([], [], input())).toEqual({ steps: [], cleanup: [] });
  expect(planUnmerge([], places)).toEqual({ steps: [], cleanup: [] });
});

test('the steps of one hierarchy', () => {
  expect(makePlan([], [target('/usr')], input({ mountOptions: 'xino=off' }))).toEqual({
    steps: [
      {
        kind: 'write-metadata',
        directory: '/w/meta/usr',
        like: '/mnt/usr',
        files: { '.systemd-sysext/extensions': 'a\nb\n', '.systemd-sysext/origin': '{}\n' },
        backingFile: '.systemd-sysext/backing',
      },
      {
        kind: 'mount-overlay',
        hierarchy: '/usr',
        at: '/w/overlay/usr',
        links: '/w/lower/usr',
        metadata: '/w/meta/usr',
        imported: null,
        extensions: [{ extension: 'b', path: '/x/b/usr' }],
        host: '/mnt/usr',
        upper: null,
        source: 'sysext',
        flags: ['ro', 'nodev'],
        options: 'xino=off',
        mountPoints: [],
      },
      {
        kind: 'place',
        hierarchy: '/usr',
        from: '/w/overlay/usr',
        path: '/mnt/usr',
        metadata: '/w/meta/usr/.systemd-sysext',
      },
      {
        kind: 'verify',
        hierarchy: '/usr',
        path: '/mnt/usr',
        metadata: '/w/meta/usr/.systemd-sysext',
        submounts: [],
      },
    ],
    cleanup: [],
  });
});

test('detach, build, place, hand back, verify: nothing is seen of a merge that fails half way', () => {
  const plan = makePlan(
    [detached('/usr', { submounts: [submount('s')] }), detached('/srv', { submounts: [submount('t')] })],
    [target('/usr', { isMerged: true, submounts: [submount('s')] }), target('/opt')],
    input(),
  );
  expect(outline(plan)).toEqual([
    'detach /mnt/usr',
    'detach /mnt/srv',
    'write-metadata /w/meta/usr',
    'mount-overlay /w/overlay/usr',
    'carry /w/old/usr/0/s /w/overlay/usr/s',
    'write-metadata /w/meta/opt',
    'mount-overlay /w/overlay/opt',
    'place /mnt/usr',
    'place /mnt/opt',
    'carry /w/old/srv/0/t /mnt/srv/t',
    'verify /mnt/usr',
    'verify /mnt/opt',
  ]);
});

describe('what is merged stays to be seen until all is built', () => {
  const BEFORE = [
    detached('/usr', { submounts: [submount('s')] }),
    detached('/srv', { submounts: [submount('t')] }),
    detached('/opt'),
  ];
  const AFTER = [
    target('/usr', { isMerged: true, submounts: [submount('s')] }),
    target('/opt', { isMerged: true }),
    target('/new'),
  ];
  const BUILT = [
    'reach /mnt /w/host/0',
    'write-metadata /w/meta/usr',
    'mount-overlay /w/overlay/usr',
    'carry /mnt/usr/s /w/overlay/usr/s',
    'write-metadata /w/meta/opt',
    'mount-overlay /w/overlay/opt',
    'write-metadata /w/meta/new',
    'mount-overlay /w/overlay/new',
    'keep /mnt/usr',
    'keep /mnt/opt',
  ];
  const REST = [
    'place /mnt/new',
    'detach /mnt/srv',
    'carry /w/old/srv/0/t /mnt/srv/t',
    'verify /mnt/usr',
    'verify /mnt/opt',
    'verify /mnt/new',
  ];

  test('beneath it, and then all of it is lifted off at once', () => {
    const plan = makePlan(BEFORE, AFTER, input({ exchange: 'beneath' }));
    expect(outline(plan)).toEqual([
      ...BUILT,
      'place-beneath /mnt/usr',
      'place-beneath /mnt/opt',
      'lift /mnt/usr /mnt/opt',
      ...REST,
    ]);
    expect(only(plan, 'place-beneath')[0]).toEqual({
      kind: 'place-beneath',
      hierarchy: '/usr',
      from: '/w/overlay/usr',
      path: '/mnt/usr',
      metadata: '/w/meta/usr/.systemd-sysext',
      keep: '/w/old/usr/0',
    });
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  test('where nothing can be put beneath, one takes the place of the other', () => {
    expect(outline(makePlan(BEFORE, AFTER, input({ exchange: 'replace' })))).toEqual([
      ...BUILT,
      'replace /mnt/usr',
      'replace /mnt/opt',
      ...REST,
    ]);
  });

  test('the host’s own directories are found where they are shown once more', () => {
    const again = target('/usr', {
      isMerged: true,
      extensions: [
        { extension: 'a', path: '/x/a/usr' },
        { extension: 'b', path: '/mnt/opt/b/usr' },
      ],
      writing: {
        upper: { path: '/mnt/usr', work: '/mnt/.systemd-usr.1-workdir', kind: 'host' },
        imported: '/mnt/usr/imported',
        recorded: '/usr',
      },
    });
    const plan = makePlan([detached('/usr'), detached('/opt')], [again], input({ exchange: 'beneath' }));
    expect(only(plan, 'reach')).toEqual([
      {
        kind: 'reach',
        from: '/mnt',
        to: '/w/host/0',
        merged: ['/w/host/0/usr', '/w/host/0/opt'],
        withMounts: false,
      },
    ]);
    expect(only(plan, 'mount-overlay')).toMatchObject([
      {
        host: '/w/host/0/usr',
        extensions: [{ path: '/x/a/usr' }, { path: '/w/host/0/opt/b/usr' }],
        imported: '/w/host/0/usr/imported',
        upper: { path: '/w/host/0/usr', work: '/w/host/0/.systemd-usr.1-workdir', kind: 'host' },
      },
    ]);
    expect(only(plan, 'write-metadata')).toMatchObject([
      { like: '/w/host/0/usr', files: { '.systemd-sysext/work_dir': '.systemd-usr.1-workdir\n' } },
    ]);
  });

  test('one that is a mount of its own is found with all mounts, each directory above on its own', () => {
    const plan = makePlan(
      [detached('/usr', { isMount: true }), detached('/a/b')],
      [target('/usr', { isMerged: true })],
      input({ exchange: 'replace' }),
    );
    expect(only(plan, 'reach')).toMatchObject([
      { from: '/mnt', to: '/w/host/0', withMounts: true, merged: ['/w/host/0/usr'] },
      { from: '/mnt/a', to: '/w/host/1', withMounts: false, merged: ['/w/host/1/b'] },
    ]);
  });
});

describe('how one merge gives way to the other', () => {
  const usr = { before: detached('/usr'), after: target('/usr', { isMerged: true }) };
  const choose = (before: Detached[], after: Target[], can = true) =>
    chooseExchange(before, after, () => can);

  test('beneath, where this can be done', () => {
    expect(choose([usr.before], [usr.after])).toBe('beneath');
    expect(choose([usr.before], [usr.after], false)).toBe('replace');
  });

  test('it is not asked where nothing is exchanged', () => {
    const never = () => {
      throw new Error('asked');
    };
    expect(chooseExchange([usr.before], [target('/opt')], never)).toBe('replace');
    expect(chooseExchange([], [target('/opt')], never)).toBe('replace');
  });

  test('hierarchies in each other, and stacks of merges, come off first', () => {
    expect(choose([usr.before], [usr.after, target('/usr/local')])).toBe('detach');
    expect(choose([usr.before, detached('/usr/local')], [usr.after])).toBe('detach');
    expect(choose([usr.before], [usr.after, target('/usr2')])).toBe('beneath');
    expect(choose([detached('/usr', { isStacked: true, isMount: true })], [usr.after])).toBe('detach');
  });
});

test('a directory is made where there is none, before anything asks for its mode', () => {
  const { steps } = makePlan([], [target('/usr'), target('/opt', { exists: false })], input());
  expect(steps.filter(({ kind }) => kind === 'make-directory')).toEqual([
    { kind: 'make-directory', path: '/mnt/opt' },
  ]);
  const made = steps.findIndex(({ kind }) => kind === 'make-directory');
  const asked = steps.findIndex((step) => step.kind === 'write-metadata' && step.like === '/mnt/opt');
  expect(made).toBeLessThan(asked);
});

test('configuration extensions have names of their own', () => {
  const {
    steps: [metadata, overlay, place],
  } = makePlan([], [target('/etc')], input({ extensionClass: CONFEXT, names: [] }));
  expect(metadata).toMatchObject({
    files: { '.systemd-confext/confexts': '', '.systemd-confext/origin': '{}\n' },
    backingFile: '.systemd-confext/backing',
  });
  expect(overlay).toMatchObject({ source: 'confext', options: null });
  expect(place).toMatchObject({ metadata: '/w/meta/etc/.systemd-confext' });
});

describe('a writable merge', () => {
  test.each<[Upper['kind'], readonly string[]]>([
    ['new', ['make-write-directory', 'write-metadata', 'mount-overlay', 'protect', 'place', 'verify']],
    ['directory', ['write-metadata', 'mount-overlay', 'protect', 'place', 'verify']],
    ['host', ['write-metadata', 'mount-overlay', 'protect', 'place', 'verify']],
    ['ephemeral', ['write-metadata', 'mount-overlay', 'protect', 'place', 'verify']],
  ])('with the upper directory of kind %s', (kind, kinds) => {
    const plan = makePlan([], [target('/usr', writable('/usr', kind))], input());
    expect(plan.steps.map((step) => step.kind)).toEqual(kinds);
    expect(plan.cleanup).toEqual([]);
    expect(only(plan, 'mount-overlay')).toMatchObject([
      { upper: upper('/usr', kind), imported: null, host: '/mnt/usr', flags: ['noatime', 'nodev'] },
    ]);
    expect(only(plan, 'protect')).toEqual([
      { kind: 'protect', path: '/w/overlay/usr/.systemd-sysext', flags: ['noatime', 'nodev'] },
    ]);
    // What is in the workspace goes away with it.
    expect(only(plan, 'write-metadata')[0]?.files['.systemd-sysext/work_dir']).toBe(
      kind === 'ephemeral' ? undefined : 'var/lib/extensions.mutable/.systemd-usr-workdir\n',
    );
  });

  test('the write directory is made like the hierarchy, which is there by then', () => {
    const plan = makePlan([], [target('/opt', { ...writable('/opt', 'new'), exists: false })], input());
    expect(plan.steps.slice(0, 2)).toEqual([
      { kind: 'make-directory', path: '/mnt/opt' },
      { kind: 'make-write-directory', path: `${VAR}/opt`, like: '/mnt/opt' },
    ]);
  });

  test('directories above are made one by one, so that each can be taken back', () => {
    const missingParents = ['/mnt/a', '/mnt/var/lib'];
    const one = target('/a/b', { ...writable('/a/b', 'new'), exists: false, missingParents });
    const { steps } = makePlan([], [one], input());
    expect(steps.slice(0, 4).map((step) => 'path' in step && step.path)).toEqual([
      ...missingParents,
      '/mnt/a/b',
      `${VAR}/a/b`,
    ]);
  });

  test('options of the user take the place of all that a writable overlay gets otherwise', () => {
    for (const mountOptions of ['', 'volatile']) {
      const plan = makePlan([], [target('/usr', writable('/usr', 'new'))], input({ mountOptions }));
      expect(only(plan, 'mount-overlay')).toMatchObject([{ flags: ['nodev'], options: mountOptions }]);
    }
  });

  test('the host is no lower layer where it is written to, so its disk is not told', () => {
    const backing = (kind: Upper['kind']) =>
      only(makePlan([], [target('/usr', writable('/usr', kind))], input()), 'write-metadata')[0]?.backingFile;
    expect([backing('directory'), backing('host')]).toEqual(['.systemd-sysext/backing', null]);
  });

  test('one that a symlink leads to gets the mode of the hierarchy before anything is mounted', () => {
    const writing: Writing = {
      upper: upper('/usr', 'directory'),
      imported: null,
      recorded: null,
      otherMode: { found: 0o700, wanted: 0o755 },
    };
    expect(makePlan([], [target('/usr', { writing })], input()).steps[0]).toEqual({
      kind: 'change-mode',
      path: writing.upper?.path,
      from: 0o700,
      to: 0o755,
    });
  });

  test('the work directory is told as seen from the root', () => {
    const other: Upper = { path: '/mnt/a b/up', work: '/mnt/a b/.systemd-usr-workdir', kind: 'directory' };
    const writing: Writing = { upper: other, imported: null, recorded: '/a b/up' };
    const content = (root: string) =>
      only(makePlan([], [target('/usr', { writing })], input({ root })), 'write-metadata')[0]?.files[
        '.systemd-sysext/work_dir'
      ];
    expect(content('/mnt')).toBe('a\\x20b/.systemd-usr-workdir\n');
    expect(content('/')).toBe('mnt/a\\x20b/.systemd-usr-workdir\n');
  });

  test('what is only imported stays read-only', () => {
    const writing: Writing = { upper: null, imported: `${VAR}/usr`, recorded: '/x' };
    const plan = makePlan([], [target('/usr', { writing })], input());
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      'write-metadata',
      'mount-overlay',
      'place',
      'verify',
    ]);
    expect(only(plan, 'mount-overlay')).toMatchObject([
      { imported: `${VAR}/usr`, upper: null, flags: ['ro', 'nodev'] },
    ]);
  });

  test('imported below an ephemeral upper directory', () => {
    const writing: Writing = {
      upper: upper('/usr', 'ephemeral'),
      imported: `${VAR}/usr`,
      recorded: '/x',
    };
    const plan = makePlan([], [target('/usr', { writing, extensions: [] })], input());
    expect(only(plan, 'mount-overlay')).toMatchObject([
      { imported: `${VAR}/usr`, upper: upper('/usr', 'ephemeral'), extensions: [] },
    ]);
  });
});

describe('mounts below a hierarchy', () => {
  const SUBMOUNTS = [
    submount('local'),
    submount('lib/file', { isDirectory: false, device: '8:1', root: '/f' }),
  ];

  test('are shown in the overlay before it is, which has their mount points', () => {
    const plan = makePlan([], [target('/usr', { submounts: SUBMOUNTS })], input());
    expect(only(plan, 'mount-overlay')[0]?.mountPoints).toEqual([
      { relative: 'local', isDirectory: true },
      { relative: 'lib/file', isDirectory: false },
    ]);
    expect(only(plan, 'carry')).toEqual([
      {
        kind: 'carry',
        from: '/mnt/usr/local',
        to: '/w/overlay/usr/local',
        submount: SUBMOUNTS[0],
        toHost: false,
      },
      {
        kind: 'carry',
        from: '/mnt/usr/lib/file',
        to: '/w/overlay/usr/lib/file',
        submount: SUBMOUNTS[1],
        toHost: false,
      },
    ]);
    expect(only(plan, 'verify')[0]?.submounts).toEqual(SUBMOUNTS);
    const kinds = plan.steps.map(({ kind }) => kind);
    expect(kinds).toEqual(['write-metadata', 'mount-overlay', 'carry', 'carry', 'place', 'verify']);
  });

  test('are taken from the old merge by a refresh, whose top is kept as number 0', () => {
    const plan = makePlan(
      [detached('/usr', { submounts: SUBMOUNTS })],
      [target('/usr', { isMerged: true, submounts: SUBMOUNTS })],
      input(),
    );
    expect(only(plan, 'carry').map(({ from, to, toHost }) => [from, to, toHost])).toEqual([
      ['/w/old/usr/0/local', '/w/overlay/usr/local', false],
      ['/w/old/usr/0/lib/file', '/w/overlay/usr/lib/file', false],
    ]);
  });

  test('go to the host when nothing is merged there any more', () => {
    for (const plan of [
      makePlan([detached('/usr', { submounts: SUBMOUNTS })], [target('/opt')], input()),
      planUnmerge([detached('/usr', { submounts: SUBMOUNTS })], places),
    ])
      expect(only(plan, 'carry')).toEqual([
        {
          kind: 'carry',
          from: '/w/old/usr/0/local',
          to: '/mnt/usr/local',
          submount: SUBMOUNTS[0],
          toHost: true,
        },
        {
          kind: 'carry',
          from: '/w/old/usr/0/lib/file',
          to: '/mnt/usr/lib/file',
          submount: SUBMOUNTS[1],
          toHost: true,
        },
      ]);
  });
});

describe('afterwards', () => {
  const uncovered = (more: Partial<Target>, submounts: readonly Submount[]) =>
    makePlan([], [target('/usr', { submounts, ...more })], input()).cleanup;

  test('the mounts that the merge has covered are unmounted, but no stack of them', () => {
    expect(uncovered({}, [submount('a'), submount('b', { isStacked: true }), submount('c/d')])).toEqual([
      { kind: 'unmount-covered', path: '/mnt/usr/a' },
      { kind: 'unmount-covered', path: '/mnt/usr/c/d' },
    ]);
  });

  test('a refresh has covered none', () => {
    expect(uncovered({ isMerged: true }, [submount('a')])).toEqual([]);
  });

  test('work directories of what was merged are removed, and nothing else', () => {
    const merges = [
      detached('/usr', { work: `${VAR}/.systemd-usr-workdir` }),
      detached('/opt', { submounts: [submount('a')] }),
    ];
    const removal = [{ kind: 'remove-work-directory', path: `${VAR}/.systemd-usr-workdir` }];
    expect(planUnmerge(merges, places).cleanup).toEqual(removal);
    const again = target('/usr', { ...writable('/usr', 'directory'), isMerged: true });
    expect(makePlan(merges, [again], input()).cleanup).toEqual(removal);
  });
});

test('what is merged is taken off in the given order, and kept', () => {
  expect(planUnmerge([detached('/usr'), detached('/opt')], places)).toEqual({
    steps: [
      { kind: 'detach', hierarchy: '/usr', path: '/mnt/usr', keep: '/w/old/usr' },
      { kind: 'detach', hierarchy: '/opt', path: '/mnt/opt', keep: '/w/old/opt' },
    ],
    cleanup: [],
  });
});

test('unmerge detaches all before mounts go back to the host', () => {
  const submounts = [submount('a')];
  expect(
    outline(planUnmerge([detached('/usr', { submounts }), detached('/opt', { submounts })], places)),
  ).toEqual([
    'detach /mnt/usr',
    'detach /mnt/opt',
    'carry /w/old/usr/0/a /mnt/usr/a',
    'carry /w/old/opt/0/a /mnt/opt/a',
  ]);
});

test('a plan is data: it survives the journal', () => {
  const plan = makePlan(
    [detached('/usr', { submounts: [submount('a')], work: '/w' })],
    [
      target('/usr', { ...writable('/usr', 'new'), exists: false }),
      target('/opt', { submounts: [submount('b')] }),
    ],
    input(),
  );
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

test('any hierarchies: taken off, built, shown, handed back, looked at, each once', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^\/[a-z]{1,3}$/), { maxLength: 8 });
  const merged = fc.subarray(['/usr', '/opt', '/srv']);
  const kinds = fc.constantFrom<Upper['kind'] | 'none'>('none', 'new', 'directory', 'host', 'ephemeral');
  fc.assert(
    fc.property(names, merged, fc.boolean(), fc.nat(2), kinds, (wanted, before, exists, mounts, kind) => {
      const submounts = Array.from({ length: mounts }, (_, index) => submount(`m${index}`));
      const targets = [...new Set([...wanted, ...before.slice(1)])].map((name) =>
        target(name, {
          exists,
          submounts,
          isMerged: before.includes(name),
          ...(kind === 'none' ? {} : writable(name, kind)),
        }),
      );
      const plan = makePlan(
        before.map((name) => detached(name, { submounts })),
        targets,
        input(),
      );
      const steps = plan.steps.map((step) =>
        step.kind === 'carry' ? `carry-${step.toHost ? 'back' : 'over'}` : step.kind,
      );
      const count = (wantedKind: string) => steps.filter((other) => other === wantedKind).length;
      for (const each of ['write-metadata', 'mount-overlay', 'place', 'verify'])
        expect(count(each)).toBe(targets.length);
      expect(count('make-directory')).toBe(exists ? 0 : targets.length);
      expect(count('make-write-directory')).toBe(kind === 'new' ? targets.length : 0);
      expect(count('protect')).toBe(kind === 'none' ? 0 : targets.length);
      expect(count('detach')).toBe(before.length);
      const gone = before.filter((name) => !targets.some(({ hierarchy }) => hierarchy === name));
      expect(count('carry-over')).toBe(targets.length * mounts);
      expect(count('carry-back')).toBe(gone.length * mounts);
      const order = ['detach', 'place', 'carry-back', 'verify'];
      const phases = steps.map((step) => (order.includes(step) ? step : 'build'));
      const phaseOrder = ['detach', 'build', 'place', 'carry-back', 'verify'];
      const numbers = phases.map((phase) => phaseOrder.indexOf(phase));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }),
  );
});
