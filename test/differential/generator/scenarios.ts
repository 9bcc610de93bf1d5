import fc from 'fast-check';
import type { Tree } from '../../support/tree.js';
import type { Scenario } from '../scenario.js';
import { callOf, drafts } from './calls.js';
import { extension, type Installed, oftenFirst } from './extensions.js';
import { host } from './host.js';
import { type ClassName, variable } from './names.js';

/*
 * Scenarios that nobody thought of. They keep away from what intended-differences.ts lists, but for two that only
 * change words of the output, and from what the original does otherwise below a root.
 */

type Environment = Readonly<Record<string, string>>;

const HIERARCHIES: Readonly<Record<ClassName, readonly string[]>> = {
  sysext: ['/usr', '/opt:/usr', '/usr:/mnt', '/mnt', '/usr/local'],
  confext: ['/etc:/mnt', '/mnt'],
};

/** The same for all calls of a scenario, mostly nothing. */
const environment = (cls: ClassName): fc.Arbitrary<Environment> =>
  oftenFirst<Environment>(
    20,
    {},
    ...HIERARCHIES[cls].map((value) => ({ [variable(cls, 'HIERARCHIES')]: value })),
    { [variable(cls, 'OVERLAYFS_MOUNT_OPTIONS')]: 'xino=off' },
    { SYSTEMD_OS_RELEASE: '/etc/os-release' },
  );

/** Of one path the first: a search directory has one entry of a name. */
const firstOfEach = (extensions: readonly Installed[]): Installed[] =>
  extensions.filter(({ path }, index) => extensions.findIndex((other) => other.path === path) === index);

/** Whether a call imports, or might, by whatever says so. */
const mayImport = (parts: unknown): boolean =>
  /(?<!ephemeral-)\b(?:import|auto)\b/.test(JSON.stringify(parts));

/** A third of them has disk images, which take more time. */
export const scenarios: fc.Arbitrary<Scenario> = fc
  .tuple(fc.constantFrom<ClassName[]>('sysext', 'sysext', 'confext'), fc.constantFrom(false, false, true))
  .chain(([cls, images]) =>
    fc.record({
      cls: fc.constant(cls),
      host: host(cls),
      extensions: fc.oneof({ withCrossShrink: true }, fc.constant<Installed[]>([]), {
        weight: 9,
        arbitrary: fc.array(extension(cls, images), { minLength: 1, maxLength: 4, size: 'max' }),
      }),
      others: fc.array(extension(cls, images), { maxLength: 3 }),
      calls: drafts(cls),
      environment: environment(cls),
      on: oftenFirst<NonNullable<Scenario['on']>>(4, 'tmpfs', 'disk'),
    }),
  )
  .map(({ cls, host, extensions, others, calls, environment, on }): Scenario => {
    const all = [...extensions, ...others];
    const machine = mayImport([calls, host.tree]) ? host.full : host.tree;
    return {
      name: 'generated',
      class: cls,
      images: all.some(({ isImage }) => isImage),
      on,
      tree: Object.assign({}, machine, ...firstOfEach(extensions).map(({ tree }) => tree)) as Tree,
      calls: [
        ...calls.map((draft) => callOf(draft, cls, all, environment)),
        // The one that is added to every scenario knows nothing of other hierarchies.
        ...(Object.keys(environment).length === 0 ? [] : [{ args: ['unmerge'], env: environment }]),
      ],
    };
  });
