import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { LeftOut } from '../choice/apply.js';
import { ChoiceError, type ChoiceProblem } from '../choice/choice-error.js';
import { findBelow } from '../host/root.js';
import { type Discovery, discoverImages } from '../images/discover.js';
import type { Image } from '../images/image.js';
import type { Choice } from '../overlay/choice.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { parseOrigin } from '../overlay/origin.js';
import { type Context, readHierarchies, searchFor } from './context.js';
import type { LockedSet } from './lock/locked.js';
import { plainPathBelow } from './path-below.js';

/** What shall be merged of what is installed. */
export interface ChoiceInForce {
  /** `null` for all of it. */
  readonly choice: Choice | null;
  /** It is not from the command line, but was made when what is merged now was merged. */
  readonly isRecorded: boolean;
}

/** What the command line says, else what was said when what is merged was merged. */
export function choiceInForce(
  { root, commandLine }: Context,
  hierarchies: readonly Hierarchy[],
): ChoiceInForce {
  const { choice, forgetsChoice, locked } = commandLine.merging;
  if (choice !== null) {
    const from = [...new Set(choice.from.map((path) => plainPathBelow(root, path)))];
    return { choice: { ...choice, from }, isRecorded: false };
  }
  if (forgetsChoice || locked !== null) return { choice: null, isRecorded: false };
  // All hierarchies of one merge have the same record.
  const origins = hierarchies.flatMap(({ merge }) => merge?.origin ?? []);
  const recorded = origins.map((origin) => parseOrigin(origin)?.choice ?? null).find((one) => one !== null);
  return { choice: recorded ?? null, isRecorded: recorded !== undefined };
}

/** What is installed, and what of it was chosen. */
export interface Chosen extends Discovery, ChoiceInForce {
  /** Installed, but not chosen. */
  readonly leftOut: readonly { readonly image: Image; readonly why: LeftOut }[];
  /** What a choice that was recorded wants, and is gone. */
  readonly gone: readonly ChoiceProblem[];
  /** With a lock file: what it says. */
  readonly locked: LockedSet | null;
}

/**
 * Looks for images, and leaves out those that were not chosen. Says nothing.
 *
 * @throws ChoiceError if what the command line chooses is not there; the errors of discoverImages()
 */
export async function findChosen(context: Context, hierarchies: readonly Hierarchy[]): Promise<Chosen> {
  const inForce = choiceInForce(context, hierarchies);
  const { choice, isRecorded } = inForce;
  const { found, problems: places } = discoverInForce(context, inForce);
  const path = context.commandLine.merging.locked;
  if (path !== null) return chooseLocked(context, path, found, { choice, places });
  if (choice === null) return { ...found, ...inForce, leftOut: [], gone: [], locked: null };
  const { applyChoice } = await import('../choice/apply.js');
  const { images, leftOut, problems } = applyChoice(choice, found);
  const all = [...places, ...problems];
  if (!isRecorded && all.length > 0)
    throw new ChoiceError(
      all,
      found.images.map(({ name }) => name),
    );
  return { ...inForce, images, passedOver: found.passedOver, leftOut, gone: all, locked: null };
}

/** What a lock file says is to be merged; that it is not there is for the condition to say. */
async function chooseLocked(
  context: Context,
  path: string,
  found: Discovery,
  { choice, places }: { choice: Choice | null; places: readonly ChoiceProblem[] },
): Promise<Chosen> {
  if (places.length > 0) throw new ChoiceError(places, []);
  const { findLocked } = await import('./lock/locked.js');
  const locked = findLocked(context, path, choice?.from ?? [], found);
  const { images } = locked;
  const leftOut = found.images
    .filter(({ name }) => !images.some((one) => one.name === name))
    .map((image) => ({ image, why: { kind: 'others-named' } as const }));
  return {
    choice: locked.choice,
    isRecorded: false,
    images,
    passedOver: found.passedOver,
    leftOut,
    gone: [],
    locked,
  };
}

/** All that is installed, chosen or not, also where only the choice looks. */
function discoverInForce(
  context: Context,
  { choice }: ChoiceInForce,
): { readonly found: Discovery; readonly problems: readonly ChoiceProblem[] } {
  const from = choice?.from ?? [];
  const problems = from.flatMap((path) => placeProblem(context.root, path));
  // What is no directory cannot be read as one.
  const places = from.filter((path) => placeProblem(context.root, path).length === 0);
  return { found: discoverImages(searchFor(context, places)), problems };
}

/** All that is installed, chosen or not, for who only wants to know whether there is anything to mount. */
export function imagesInPlaces(context: Context): readonly Image[] {
  return discoverInForce(context, choiceInForce(context, readHierarchies(context))).found.images;
}

function placeProblem(root: string, path: string): ChoiceProblem[] {
  const found = findBelow(root, path);
  if (found !== null && statSync(found).isDirectory()) return [];
  const reason = found === null ? 'missing' : 'no-directory';
  return [{ kind: 'no-directory', path: join(root, path), reason }];
}
