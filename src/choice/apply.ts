import { closest, distance } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import type { Discovery } from '../images/discover.js';
import type { Image } from '../images/image.js';
import type { Choice } from '../overlay/choice.js';
import type { ChoiceProblem } from './choice-error.js';

/** Why an extension that is installed was not chosen. */
export type LeftOut =
  /** Others were named. */
  | { readonly kind: 'others-named' }
  /** It fits a pattern of what is to be left out. */
  | { readonly kind: 'excepted'; readonly pattern: string };

/** What a choice comes to. */
export interface Chosen {
  /** In the order of their layers, the last one on top. */
  readonly images: readonly Image[];
  readonly leftOut: readonly { readonly image: Image; readonly why: LeftOut }[];
  /** In what the choice does not fit what is installed. */
  readonly problems: readonly ChoiceProblem[];
}

/** Which of the images that were found are chosen, and in which order they lie. */
export function applyChoice(choice: Choice, found: Discovery): Chosen {
  const { named, only, except } = compileAll(choice);
  const chooses = chooser(choice);
  const judged = found.images.map((image) => ({ image, why: chooses(image.name) }));
  const images = judged.flatMap(({ image, why }) => (why === null ? [image] : []));
  const leftOut = judged.flatMap(({ image, why }) => (why === null ? [] : [{ image, why }]));
  const names = found.images.map(({ name }) => name);
  const unfit = (option: 'only' | 'except', patterns: typeof only) =>
    patterns
      .filter(({ fits }) => !names.some(fits))
      .map(({ pattern }) => ({ kind: 'fits-nothing', option, pattern }) as const);
  const problems: ChoiceProblem[] = [
    ...[...named].flatMap((name) => problemOf(name, found, except)),
    ...choice.order
      .filter((name) => !named.has(name))
      .flatMap((name) => orderProblemOf(name, found, images, except)),
    ...unfit('only', only),
    ...unfit('except', except),
  ];
  if (problems.length === 0 && images.length === 0 && names.length > 0) problems.push({ kind: 'none-left' });
  return { images: inOrder(images, choice.order), leftOut, problems };
}

/** Why a name is not chosen; `null` if it is. */
export function chooser(choice: Choice): (name: string) => LeftOut | null {
  const { named, only, except } = compileAll(choice);
  const isOpen = named.size + only.length === 0;
  return (name) => {
    const isAsked = isOpen || named.has(name) || only.some(({ fits }) => fits(name));
    if (!isAsked) return { kind: 'others-named' };
    const out = except.find(({ fits }) => fits(name));
    return out === undefined ? null : { kind: 'excepted', pattern: out.pattern };
  };
}

function compileAll({ names, only, except }: Choice) {
  return { named: new Set(names), only: only.map(compile), except: except.map(compile) };
}

interface Pattern {
  readonly pattern: string;
  fits(name: string): boolean;
}

/** As of a shell, but that a name that begins with a dot is one like others. */
function compile(pattern: string): Pattern {
  const matches = picomatch(pattern, { dot: true, nonegate: true });
  return { pattern, fits: (name) => matches(name) };
}

function problemOf(name: string, found: Discovery, except: readonly Pattern[]): ChoiceProblem[] {
  const out = except.find(({ fits }) => fits(name));
  if (!found.images.some((image) => image.name === name)) return [missing(name, found)];
  return out === undefined ? [] : [{ kind: 'contradiction', name, pattern: out.pattern }];
}

function orderProblemOf(
  name: string,
  found: Discovery,
  chosen: readonly Image[],
  except: readonly Pattern[],
): ChoiceProblem[] {
  if (chosen.some((image) => image.name === name)) return [];
  const [problem] = problemOf(name, found, except);
  return [problem ?? { kind: 'order-of-others', name }];
}

/** A name that was found, but gives no image, has a reason of its own. */
function missing(name: string, { images, passedOver }: Discovery): ChoiceProblem {
  const known = images.map((image) => image.name);
  const masked = passedOver.find((one) => 'name' in one && one.name === name);
  const entry = masked ?? passedOver.find((one) => fileNamesOf(name).includes(baseOf(one.entry)));
  return { kind: 'not-installed', name, nearest: nearestOf(name, known), entry: entry ?? null };
}

/** Half of it may be wrong: what has less in common with it was not meant. */
function nearestOf(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const nearest = closest(name, known);
  return distance(name, nearest) <= Math.max(1, name.length / 2) ? nearest : null;
}

const fileNamesOf = (name: string) => [name, `${name}.raw`, `${name}.v`, `${name}.raw.v`];
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Those whose order was said lie above the others, which stay in version order. */
function inOrder(images: readonly Image[], order: readonly string[]): Image[] {
  const ordered = order.flatMap((name) => images.find((image) => image.name === name) ?? []);
  return [...images.filter((image) => !ordered.includes(image)), ...ordered];
}
