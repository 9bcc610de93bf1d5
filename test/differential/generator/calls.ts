import fc from 'fast-check';
import type { Call } from '../scenario.js';
import { type Installed, placesOf } from './extensions.js';
import { configuration } from './host.js';
import { type ClassName, HIERARCHIES, MODES, variable } from './names.js';

/** Calls, and what happens before each: extensions come and go, something is mounted, something is written. */

const some = (...options: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...options], { maxLength: 2 });

const mutable = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.constant<string[]>([]) },
  { weight: 3, arbitrary: fc.constantFrom(...MODES).map((mode) => [`--mutable=${mode}`]) },
);

const verb = (weight: number, word: string, ...more: fc.Arbitrary<string[]>[]) => ({
  weight,
  arbitrary: fc.tuple(...more).map((parts) => [word, ...parts.flat()]),
});

const formats = some('--json=short', '--json=pretty', '--no-legend');
const ANY = fc.oneof(
  { withCrossShrink: true },
  verb(2, 'unmerge'),
  verb(6, 'refresh', some('--force', '--always-refresh=yes', '--noexec=yes', '--noexec=no'), mutable),
  verb(2, 'merge', some('--force', '--noexec=yes', '--noexec=no'), mutable),
  verb(1, 'status', formats),
  verb(1, 'list', formats),
);
/** After the first call something is to be merged. */
const FIRST = fc.oneof(
  { withCrossShrink: true },
  verb(7, 'merge', some('--force', '--noexec=yes', '--noexec=no'), mutable),
  verb(1, 'refresh', mutable),
  { weight: 1, arbitrary: ANY },
);

/** What is mounted below a hierarchy: one mount at a place, for of two the original takes the wrong one off. */
const MOUNTS: readonly string[] = [
  'mount -t tmpfs -o mode=0755 mine H/place; echo mine > H/place/file',
  'mount --bind srv/data H/place',
  'mount --bind srv/data H/place; mount -o remount,bind,ro H/place',
  'mount --bind srv/data H/place; mount -t tmpfs -o mode=0755 deeper H/place/inner',
];
const unlessMounted = (script: string): string =>
  `if [ -d H/place/inner ] && ! mountpoint -q H/place; then ${script}; fi`;

/** Where it is not writable, nothing is written. */
const WRITES: readonly string[] = [
  '(echo new > H/new) 2>/dev/null || :',
  '(echo more >> H/host) 2>/dev/null || :',
  'rm -f H/host H/x 2>/dev/null || :',
  '(mkdir H/made && echo new > H/made/new) 2>/dev/null || :',
  'chmod 0700 H/place 2>/dev/null || :',
];

const script = (cls: ClassName): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...HIERARCHIES[cls]),
      fc.constantFrom(
        ...WRITES,
        ...MOUNTS.map(unlessMounted),
        'if mountpoint -q H/place; then umount --recursive H/place; fi',
      ),
    )
    .map(([hierarchy, text]) => text.replaceAll('H/', `${hierarchy}/`));

/** What happens to the extensions that are there, or might be, by their number. */
type Happening = { readonly kind: 'remove' | 'renew' | 'add'; readonly index: number };

export interface Draft {
  readonly words: readonly string[];
  readonly happens: Happening | null;
  readonly script: string | null;
  readonly mode: string | null;
  readonly setting: Readonly<Record<string, string>> | null;
}

const draft = (cls: ClassName, words: fc.Arbitrary<string[]>, isFirst: boolean): fc.Arbitrary<Draft> =>
  fc.record({
    words,
    happens: isFirst
      ? fc.constant(null)
      : fc.option(
          fc.record({
            kind: fc.constantFrom<Happening['kind'][]>('add', 'add', 'remove', 'renew'),
            index: fc.nat(9),
          }),
          { freq: 2 },
        ),
    script: fc.oneof(
      { withCrossShrink: true },
      { weight: 4, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: script(cls) },
    ),
    mode: fc.oneof(
      { withCrossShrink: true },
      { weight: 9, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom(...MODES) },
    ),
    setting: fc.oneof(
      { withCrossShrink: true },
      { weight: 19, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: configuration(cls, ['run']) as fc.Arbitrary<Record<string, string>> },
    ),
  });

export const drafts = (cls: ClassName): fc.Arbitrary<Draft[]> =>
  fc
    .tuple(draft(cls, FIRST, true), fc.array(draft(cls, ANY, false), { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest]);

/** A call of a draft, with the extensions that there are. */
export function callOf(
  draft: Draft,
  cls: ClassName,
  extensions: readonly Installed[],
  environment: Readonly<Record<string, string>>,
): Call {
  const { words, happens, script, mode, setting } = draft;
  const one = happens === null ? undefined : extensions[happens.index % extensions.length];
  const before = {
    ...(one === undefined ? {} : { remove: placesOf(one, cls) }),
    add: { ...(one === undefined || happens?.kind === 'remove' ? {} : one.tree), ...setting },
  };
  const env = { ...environment, ...(mode === null ? {} : { [variable(cls, 'MUTABLE_MODE')]: mode }) };
  return {
    args: words,
    ...(one === undefined && setting === null ? {} : { before }),
    ...(script === null ? {} : { script }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    differs: ['second-work-directory', ...(words[0] === 'status' ? (['since-below-root'] as const) : [])],
  };
}
