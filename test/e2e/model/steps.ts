import fc from 'fast-check';
import {
  CLASSES,
  type ClassName,
  type Installed,
  MODES,
  type Mode,
  NAMES,
  type Name,
  type Verb,
} from './model.js';

/** What goes wrong in a call: at which of its external commands, the first is 1; where there are fewer, nothing does. */
export interface Mishap {
  readonly kind: 'fails' | 'killed-before' | 'killed-after';
  readonly at: number;
  /** What puts things in order after a kill. */
  readonly repair: 'refresh' | 'unmerge';
}

export type Step =
  | {
      readonly kind: 'call';
      readonly class: ClassName;
      readonly verb: Verb;
      readonly mode: Mode;
      readonly mishap: Mishap | null;
    }
  | { readonly kind: 'install'; readonly class: ClassName; readonly name: Name; readonly what: Installed }
  | { readonly kind: 'remove'; readonly class: ClassName; readonly name: Name }
  /** Somebody writes to what is merged, if that is possible. */
  | { readonly kind: 'write'; readonly class: ClassName };

const className = fc.constantFrom(...CLASSES);
const name = fc.constantFrom(...NAMES);

const mishap = fc.record({
  kind: fc.constantFrom<Mishap['kind'][]>('fails', 'killed-before', 'killed-after'),
  at: fc.integer({ min: 1, max: 12 }),
  repair: fc.constantFrom<Mishap['repair'][]>('refresh', 'unmerge'),
});

const call = fc.record({
  kind: fc.constant('call' as const),
  class: className,
  verb: fc.constantFrom<Verb[]>('refresh', 'merge', 'unmerge', 'refresh', 'merge'),
  mode: fc.constantFrom(...MODES, 'no', 'no'),
  mishap: fc.option(mishap, { freq: 2 }),
});

/** @param withImages whether image files can be mounted here */
const install = (withImages: boolean): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant('install'),
    class: className,
    name,
    what: fc.record({
      kind: fc.constantFrom('directory', 'directory', withImages ? 'image' : 'directory'),
      fits: fc.integer({ min: 0, max: 4 }).map((number) => number < 4),
      isBroken: fc.integer({ min: 0, max: 7 }).map((number) => number === 7),
      hasOpt: fc.boolean(),
      isMasked: fc.integer({ min: 0, max: 5 }).map((number) => number === 5),
    }),
  });

const remove: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('remove'), class: className, name });
const write: fc.Arbitrary<Step> = fc.record({ kind: fc.constant('write'), class: className });

/** Something is installed first, or there would be little to see. */
export const sequences = (withImages: boolean): fc.Arbitrary<Step[]> =>
  fc
    .tuple(
      fc.array(install(withImages), { minLength: 1, maxLength: 4 }),
      fc.array(
        fc.oneof(
          { weight: 5, arbitrary: call },
          { weight: 3, arbitrary: install(withImages) },
          { weight: 1, arbitrary: remove },
          { weight: 1, arbitrary: write },
        ),
        { minLength: 2, maxLength: 12 },
      ),
    )
    .map(([first, rest]) => [...first, ...rest]);
