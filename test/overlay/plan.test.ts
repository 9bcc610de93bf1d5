import fc from 'fast-check';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import type { Hierarchy } from '../../src/overlay/metadata.js';
import {
  type BuildPlaces,
  type PlanInput,
  planDetach,
  planMerge,
  type Target,
} from '../../src/overlay/plan.js';

const places: BuildPlaces = {
  metadata: (hierarchy) => `/w/meta${hierarchy}`,
  overlay: (hierarchy) => `/w/overlay${hierarchy}`,
  links: (hierarchy) => `/w/lower${hierarchy}`,
  old: (hierarchy) => `/w/old${hierarchy}`,
};

function input(more: Partial<PlanInput> = {}): PlanInput {
  return {
    extensionClass: SYSEXT,
    flags: ['ro', 'nodev'],
    mountOptions: null,
    names: ['a', 'b'],
    origin: '{}\n',
    places,
    ...more,
  };
}

function target(hierarchy: string, exists = true): Target {
  const extensions = [{ extension: 'b', path: `/x/b${hierarchy}` }];
  return { hierarchy, path: `/mnt${hierarchy}`, exists, extensions };
}

const outline = (targets: readonly Target[]) =>
  planMerge(targets, input()).map((step) => `${step.kind} ${'hierarchy' in step ? step.hierarchy : '-'}`);

test('nothing to merge: nothing to do', () => {
  expect(planMerge([], input())).toEqual([]);
  expect(planDetach([], places)).toEqual([]);
});

test('the steps of one hierarchy', () => {
  expect(planMerge([target('/usr')], input({ mountOptions: 'xino=off' }))).toEqual([
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
      extensions: [{ extension: 'b', path: '/x/b/usr' }],
      host: '/mnt/usr',
      source: 'sysext',
      flags: ['ro', 'nodev'],
      options: 'xino=off',
    },
    {
      kind: 'place',
      hierarchy: '/usr',
      from: '/w/overlay/usr',
      path: '/mnt/usr',
      metadata: '/w/meta/usr/.systemd-sysext',
    },
    { kind: 'verify', hierarchy: '/usr', path: '/mnt/usr', metadata: '/w/meta/usr/.systemd-sysext' },
  ]);
});

test('all overlays are built before the first one is shown, and looked at when all are shown', () => {
  expect(outline([target('/usr'), target('/opt')])).toEqual([
    'write-metadata -',
    'mount-overlay /usr',
    'write-metadata -',
    'mount-overlay /opt',
    'place /usr',
    'place /opt',
    'verify /usr',
    'verify /opt',
  ]);
});

test('a directory is made where there is none, before anything asks for its mode', () => {
  const steps = planMerge([target('/usr'), target('/opt', false)], input());
  expect(steps.filter(({ kind }) => kind === 'make-directory')).toEqual([
    { kind: 'make-directory', path: '/mnt/opt' },
  ]);
  const made = steps.findIndex(({ kind }) => kind === 'make-directory');
  const asked = steps.findIndex((step) => step.kind === 'write-metadata' && step.like === '/mnt/opt');
  expect(made).toBeLessThan(asked);
});

test('configuration extensions have names of their own', () => {
  const [metadata, overlay, place] = planMerge(
    [target('/etc')],
    input({ extensionClass: CONFEXT, names: [] }),
  );
  expect(metadata).toMatchObject({
    files: { '.systemd-confext/confexts': '', '.systemd-confext/origin': '{}\n' },
    backingFile: '.systemd-confext/backing',
  });
  expect(overlay).toMatchObject({ source: 'confext', options: null });
  expect(place).toMatchObject({ metadata: '/w/meta/etc/.systemd-confext' });
});

test('what is merged is taken off in the given order, and kept', () => {
  const merged = ['/usr', '/opt'].map((name): Hierarchy => ({ name, path: `/mnt${name}`, merge: null }));
  expect(planDetach(merged, places)).toEqual([
    { kind: 'detach', hierarchy: '/usr', path: '/mnt/usr', keep: '/w/old/usr' },
    { kind: 'detach', hierarchy: '/opt', path: '/mnt/opt', keep: '/w/old/opt' },
  ]);
});

test('a plan is data: it survives the journal', () => {
  const steps = planMerge([target('/usr', false), target('/opt')], input());
  expect(JSON.parse(JSON.stringify(steps))).toEqual(steps);
});

test('any hierarchies: built, shown, looked at, each once', () => {
  const hierarchies = fc.uniqueArray(fc.stringMatching(/^\/[a-z]{1,3}$/), { maxLength: 8 });
  fc.assert(
    fc.property(hierarchies, fc.boolean(), (names, exists) => {
      const kinds: string[] = planMerge(
        names.map((name) => target(name, exists)),
        input(),
      ).map(({ kind }) => kind);
      const last = (kind: string) => kinds.lastIndexOf(kind);
      const count = (kind: string) => kinds.filter((other) => other === kind).length;
      for (const kind of ['write-metadata', 'mount-overlay', 'place', 'verify'])
        expect(count(kind)).toBe(names.length);
      expect(count('make-directory')).toBe(exists ? 0 : names.length);
      if (names.length === 0) return;
      expect(last('mount-overlay')).toBeLessThan(kinds.indexOf('place'));
      expect(last('place')).toBeLessThan(kinds.indexOf('verify'));
    }),
  );
});
