import { basename, join } from 'node:path';
import { checkImageName } from '../../images/image-name.js';
import type { Placed } from '../../images/switched-off.js';
import { placeBelow } from '../../install/places.js';
import { refuse } from '../../install/problem.js';
import { type Switch, switchOff, switchOn } from '../../install/switch.js';
import {
  describeNotSwitched,
  describeOff,
  describeSwitched,
  describeUnsure,
  type SwitchVerb,
} from '../../report/install/done.js';
import { type Context, searchFor } from '../context.js';
import { changeInstalled, installPlaces } from '../install/change.js';
import { findByName } from '../install/survey.js';
import { tellWhatStays } from '../install/what-stays.js';

type Off = Extract<Placed, { readonly kind: 'off' }>;

/** `disable NAME…`: what is installed by these names is not merged, until it is enabled. */
export const disable = (context: Context): Promise<number> =>
  switchAll(context, (name) => {
    const placed = findByName(context, name);
    if (!placed.some(({ kind }) => kind === 'image')) refuse({ kind: 'not-installed', name });
    const off = placed.find((one): one is Off => one.kind === 'off');
    if (off !== undefined && off === placed[0]) return () => tellOff(context, 'disable', off);
    return prepareOff(context, 'disable', name, placed, 'disabled');
  });

/** `mask NAME…`: nothing of these names is merged, whether something is installed or not. */
export const mask = (context: Context): Promise<number> =>
  switchAll(context, (name) => {
    const problem = checkImageName(name);
    if (problem !== null) refuse({ kind: 'bad-name', name, problem });
    const placed = findByName(context, name);
    const [first] = placed;
    if (first?.kind === 'off' && first.how !== 'disabled') return () => tellOff(context, 'mask', first);
    return prepareOff(context, 'mask', name, placed, 'masked');
  });

/** `enable NAME…`: takes back what `disable` has done. */
export const enable = (context: Context): Promise<number> =>
  switchAll(context, (name) => {
    const placed = findByName(context, name);
    if (placed.length === 0) refuse({ kind: 'not-installed', name });
    const links = offsOf(context, placed).filter(({ how }) => how === 'disabled');
    const other = placed.find((one): one is Off => one.kind === 'off' && one.how !== 'disabled');
    if (links.length === 0 && other !== undefined) refuse({ kind: 'masked', name, entry: other.entry });
    return () => takeAway(context, 'enable', name, links);
  });

/** `unmask NAME…`: takes away what masks these names, also by hand. */
export const unmask = (context: Context): Promise<number> =>
  switchAll(context, (name) => {
    const placed = findByName(context, name);
    const masks = offsOf(context, placed).filter(({ how }) => how !== 'disabled');
    return () => takeAway(context, 'unmask', name, masks);
  });

/** First it is made sure that all of it can be done. */
function switchAll(context: Context, prepare: (name: string) => () => void): Promise<number> {
  const names = [...new Set(context.commandLine.operands)];
  return changeInstalled(context, () => {
    for (const act of names.map(prepare)) act();
    for (const name of names) tellWhatStays(context, name);
  });
}

/** Those in the directories of this program; with `--runtime` only that of them which is gone after the next boot. */
function offsOf(context: Context, placed: readonly Placed[]): Off[] {
  const { runtime, ...others } = installPlaces(context);
  const places = context.commandLine.installing.runtime ? [runtime] : [runtime, ...Object.values(others)];
  return placed.filter((one): one is Off => one.kind === 'off' && places.includes(one.place));
}

function prepareOff(
  context: Context,
  verb: SwitchVerb,
  name: string,
  placed: readonly Placed[],
  how: Switch,
): () => void {
  const { root, log, commandLine } = context;
  const { switches, runtime, images } = installPlaces(context);
  const place = commandLine.installing.runtime ? runtime : switches;
  const { places } = searchFor(context);
  const isBefore = (one: string, other: string) => places.indexOf(one) < places.indexOf(other);
  const image = placed.find(({ kind }) => kind === 'image');
  const directory = placeBelow(root, place);
  const link = join(directory, name);
  const isRuntime = place === runtime;
  if (image !== undefined && !isBefore(place, image.place)) {
    const { entry } = image;
    const other = isRuntime ? switches : runtime;
    const otherwise = isBefore(other, image.place) ? other : null;
    if (basename(entry) === name)
      refuse({
        kind: 'own-name',
        name,
        entry,
        isRuntime,
        otherwise,
        images,
        lasts: isBefore(switches, images),
      });
    if (place !== image.place) refuse({ kind: 'comes-first', name, entry, place, isRuntime });
  }
  return () => {
    switchOff(directory, name, how);
    log.info(describeSwitched(verb, name, link));
    if (image?.place === place) log.notice(describeUnsure(name, link));
  };
}

function takeAway(context: Context, verb: SwitchVerb, name: string, links: readonly Off[]): void {
  const { log, root, commandLine } = context;
  for (const { entry } of links) {
    switchOn(entry);
    log.info(describeSwitched(verb, name, entry));
  }
  if (links.length === 0) log.info(describeNotSwitched(verb, name));
  const [left] = findByName(context, name);
  if (left?.kind === 'off') log.notice(describeOff(left, { ...commandLine, root }));
}

function tellOff({ log, root, commandLine }: Context, verb: SwitchVerb, off: Off): void {
  if ((verb === 'disable') === (off.how === 'disabled')) log.info(describeNotSwitched(verb, off.name));
  else log.notice(describeOff(off, { ...commandLine, root }));
}
