import type { Placed, SwitchedOff } from '../../images/switched-off.js';
import type { Installed } from '../../install/installed.js';
import { type Caller, callAgain } from '../explain-hint.js';
import { printable, quoted, quotedList } from '../printable.js';

/** What was put where. */
export function describeInstalled({ name, version, path, how }: Installed): string {
  const which = version === null ? quoted(name) : `version ${printable(version)} of ${quoted(name)}`;
  switch (how) {
    case 'new':
      return `Installed ${which} as ${quoted(path)}.`;
    case 'replaced':
      return `Installed ${which} as ${quoted(path)}, in place of what was there; with a version both would be kept.`;
    case 'same':
      return `${which[0]!.toUpperCase()}${which.slice(1)} is installed already, as ${quoted(path)}.`;
  }
}

/**
 * What a merge takes by a name: what was just installed, or why not.
 *
 * @param placed what there is of the name, the first counts
 */
export function describeWhatCounts(
  { name, path, version }: Installed,
  [first]: readonly Placed[],
  caller: Caller,
): { readonly isTaken: boolean; readonly message: string } {
  const no = (message: string) => ({ isTaken: false, message });
  if (first?.kind === 'off') return no(describeOff(first, caller));
  if (first === undefined || first.image.path === path)
    return { isTaken: true, message: `'${callAgain(caller, ['refresh'])}' merges it.` };
  const { image } = first;
  const picked = image.versions?.winner?.version;
  if (picked === undefined || version === null || picked === version)
    return no(`A merge takes ${quoted(image.path)}, which has the same name and comes first.`);
  const back = callAgain(caller, ['rollback', printable(name), printable(version)]);
  return no(`Version ${printable(picked)} is still the one that a merge takes; '${back}' changes that.`);
}

/** That a name is switched off, and how to switch it on. */
export function describeOff(
  { name, entry, how }: { readonly name: string; readonly entry: string; readonly how: SwitchedOff },
  caller: Caller,
): string {
  const verb = how === 'disabled' ? 'enable' : 'unmask';
  return `${quoted(name)} is ${how === 'disabled' ? 'disabled' : 'masked'} by ${quoted(entry)}, so it is not merged; '${callAgain(caller, [verb, printable(name)])}' changes that.`;
}

/** What was removed. */
export function describeRemoved(name: string, versions: readonly string[], path: string): string {
  const which =
    versions.length === 0
      ? quoted(name)
      : `version${versions.length > 1 ? 's' : ''} ${versions.map(printable).join(', ')} of ${quoted(name)}`;
  return `Removed ${which} (${printable(path)}).`;
}

/** What is merged goes only with the next refresh. */
export function describeStaysMerged(name: string, hierarchies: readonly string[], caller: Caller): string {
  return `What is merged of ${quoted(name)} into ${quotedList(hierarchies)} stays until '${callAgain(caller, ['refresh'])}'.`;
}

/** Something that was hidden is found now. */
export function describeUncovered(name: string, entry: string): string {
  return `${quoted(entry)} has the name ${quoted(name)} as well, and is what a merge takes now.`;
}

export function describeRolledBack(name: string, version: string, isNew: boolean): string {
  const what = `version ${printable(version)} of ${quoted(name)}`;
  return isNew ? `From now on a merge takes ${what}.` : `A merge takes ${what} already.`;
}

/** The verbs that switch. */
export type SwitchVerb = 'enable' | 'disable' | 'mask' | 'unmask';

const DONE: Readonly<Record<SwitchVerb, string>> = {
  enable: 'Enabled',
  disable: 'Disabled',
  mask: 'Masked',
  unmask: 'Unmasked',
};

export function describeSwitched(verb: SwitchVerb, name: string, entry: string): string {
  const isOff = verb === 'disable' || verb === 'mask';
  return `${DONE[verb]} ${quoted(name)}: ${isOff ? 'made' : 'removed'} ${quoted(entry)}.`;
}

/** There was nothing to do. */
export function describeNotSwitched(verb: SwitchVerb, name: string): string {
  const state = {
    enable: 'not disabled',
    disable: 'disabled already',
    mask: 'masked already',
    unmask: 'not masked',
  };
  return `${quoted(name)} is ${state[verb]}.`;
}

/** Of a switch in the very directory that the image is in. */
export function describeUnsure(name: string, entry: string): string {
  return `The image of ${quoted(name)} is in the same directory as ${quoted(entry)}: systemd takes the one that it reads first there. With --runtime that is sure, until the next boot.`;
}
