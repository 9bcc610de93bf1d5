import type { MountedPart, PathWindow } from '../../mount/mounted-part.js';
import type { Step } from '../../overlay/step.js';
import { describeCheck } from '../checks.js';
import { quoted, quotedList } from '../printable.js';
import type { Action } from './actions.js';

/** An action in words: what is done, and why it is needed. Sentences, without their full stops. */
export interface Described {
  readonly what: string;
  readonly why: string;
}

export function describeAction(action: Action): Described {
  switch (action.kind) {
    case 'lock':
      return {
        what: `Lock ${quoted(action.path)}`,
        why: 'no other call may mount or unmount anything on the same root at the same time',
      };
    case 'unlock':
      return { what: 'Release the lock', why: 'all is done that others must not disturb' };
    case 'open-workspace':
      return {
        what: `Mount a tmpfs at ${quoted(action.path)} as workspace`,
        why: 'everything is built there first, where nobody sees it, and goes with it if something fails; it is private, so that what is mounted in it is mounted nowhere else',
      };
    case 'mount-image':
      return describeImage(action.extension, action);
    case 'make-directory':
      return {
        what: `Make the directory ${quoted(action.path)}`,
        why: 'it is needed as a place, and there is none',
      };
    case 'make-write-directory':
      return {
        what: `Make the write directory ${quoted(action.path)}, with mode and owner of ${quoted(action.like)}`,
        why: 'what is written to the merged hierarchy goes there, and its root shows mode and owner of this directory',
      };
    case 'change-mode':
      return {
        what: `Change the mode of ${quoted(action.path)} from ${octal(action.from)} to ${octal(action.to)}`,
        why: 'the merged hierarchy shows the mode of its write directory, and it should be that of the host',
      };
    case 'detach':
      return {
        what: `Take what is merged now off ${quoted(action.path)}, and keep it at ${quoted(action.keep)}`,
        why: "the host's own directory has to be seen, and if something fails it is put back",
      };
    case 'reach':
      return {
        what: `Show the directory ${quoted(action.from)} also at ${quoted(action.to)}, without what is merged`,
        why: 'the new overlay needs the host’s own directory, and everybody else is to see the merge until that is there',
      };
    case 'keep':
      return {
        what: `Keep what is merged now at ${quoted(action.path)} also at ${quoted(action.keep)}`,
        why: 'if something fails, it is shown again',
      };
    case 'write-metadata':
      return {
        what: `Write the metadata of the merge to ${quoted(action.directory)}: ${quotedList(Object.keys(action.files))}`,
        why: 'it becomes the top layer, by which a merge is recognised: which extensions, where they came from',
      };
    case 'mount-overlay':
      return describeOverlay(action);
    case 'protect':
      return {
        what: `Make ${quoted(action.path)} read-only`,
        why: 'the hierarchy is writable, but what says what is merged is not to be changed',
      };
    case 'carry':
      return action.toHost
        ? {
            what: `Show the mount ${quoted(action.from)} at ${quoted(action.to)}, unless it is seen there by itself`,
            why: 'it was made below the hierarchy while that was merged, and stays',
          }
        : {
            what: `Copy the mount ${quoted(action.from)} to ${quoted(action.to)}`,
            why: 'the merge would cover it, and mounts below a hierarchy stay visible',
          };
    case 'place':
      return {
        what: `Show the overlay at ${quoted(action.path)}`,
        why: 'it is complete now, so all of it is seen from one moment to the next',
      };
    case 'place-beneath':
      return {
        what: `Put the overlay at ${quoted(action.path)} beneath what is merged now`,
        why: 'nobody sees it yet, and it is there when that goes: no file vanishes that is in both',
      };
    case 'lift':
      return {
        what: `Take what was merged before off ${quotedList(action.merges.map(({ path }) => path))}`,
        why: 'the new overlay is beneath it, so all of that is seen from one moment to the next',
      };
    case 'replace':
      return {
        what: `Show the overlay at ${quoted(action.path)} in place of what is merged now`,
        why: 'it is complete; for a moment neither is seen, because here the new one cannot be put beneath the old one',
      };
    case 'verify': {
      const below = action.submounts.map(({ relative }) => relative);
      const also = below.length === 0 ? '' : `, and at ${quotedList(below)} below it what was mounted there`;
      return {
        what: `Look whether ${quoted(action.path)} shows the new merge${also}`,
        why: 'with some mount propagations mount(8) succeeds and nothing is to be seen',
      };
    }
    case 'unmount':
      return {
        what: `Unmount what is merged at ${quoted(action.path)}`,
        why: "the host's own directory is below it; nothing has to be carried back, so nothing has to be kept",
      };
    case 'release-kept':
      return {
        what: 'Let go of what was merged before',
        why: 'nothing has failed, and it still uses its work directory',
      };
    case 'remove-work-directory':
      return {
        what: `Remove the work directory ${quoted(action.path)}`,
        why: 'it belonged to the overlay that is gone',
      };
    case 'unmount-covered':
      return {
        what: `Unmount the original of ${quoted(action.path)}, which the merge covers`,
        why: 'its copy is the one that is used; were it to stay, unmounting the copy would free no disk',
      };
    case 'close-workspace':
      return {
        what: 'Unmount the workspace',
        why: 'the overlays live on without it; the kernel keeps what they need of it',
      };
    case 'service':
      return describeService(action);
  }
}

function describeImage(
  extension: string,
  { part, checks }: Pick<Action & { kind: 'mount-image' }, 'part' | 'checks'>,
): Described {
  const { device, type, options, at, designator } = part;
  const which = `the ${type} file system of extension ${quoted(extension)} (${designator})`;
  const how = describeDevice(device);
  const checked = checks.flatMap((check) => describeCheck(extension, check).map(({ message }) => message));
  const byProgram = checks.some(({ by }) => by.kind === 'program');
  return {
    what: `Mount ${which}, ${how}, at ${quoted(at)} (${options})`,
    why: [
      'its files become layers',
      ...(byProgram
        ? ['mount(8) cannot check it against its hash tree; that was done when this plan was made']
        : []),
      ...checked.map((message) => message.replace(/\.$/, '')),
    ].join('; '),
  };
}

function describeDevice(device: MountedPart['device']): string {
  switch (device.kind) {
    case 'block':
      return `which is the block device ${quoted(device.path)}`;
    case 'file':
      return `which begins at byte ${device.offset} of ${quoted(device.path)}, without a loop device, of which there are none here`;
    case 'loop':
      return `which is ${describeWindow(device)}, by a loop device`;
    case 'luks':
      return `which is in the encrypted volume in ${describeWindow(device.volume)}, opened with the key ${quoted(device.keyFile)}`;
    case 'verity':
      return `which is ${describeWindow(device.data)}, and checked by the kernel against the hash tree in ${describeWindow(device.tree)} with the root hash ${device.rootHash}`;
  }
}

function describeWindow({ path, offset, size }: PathWindow): string {
  if (size === null)
    return offset === 0n ? `all of ${quoted(path)}` : `${quoted(path)} from byte ${offset} on`;
  return `the ${size} bytes of ${quoted(path)} from ${offset} on`;
}

function describeOverlay({
  hierarchy,
  at,
  extensions,
  upper,
  imported,
}: Extract<Step, { kind: 'mount-overlay' }>): Described {
  const layers = extensions.map(({ extension }) => extension);
  const shown = [
    'the metadata',
    ...(imported === null ? [] : [`the write directory ${quoted(imported)}`]),
    ...(layers.length === 0 ? [] : [quotedList(layers)]),
    ...(upper?.kind === 'host' ? [] : ["the host's own"]),
  ];
  const written =
    upper === null
      ? 'read-only'
      : `what is written goes to ${upper.kind === 'ephemeral' ? 'memory' : quoted(upper.path)}`;
  return {
    what: `Mount the overlay for ${quoted(hierarchy)} at ${quoted(at)}; layers from the top: ${shown.join(', ')}; ${written}`,
    why: 'this is the merge: what lies on top hides what has the same name below',
  };
}

function describeService({ step }: Action & { kind: 'service' }): Described {
  const unit = step.unit === null ? 'the service manager' : quoted(step.unit);
  const words = {
    'reload-manager': 'Reload',
    restart: 'Restart',
    'reload-or-restart': 'Reload or restart',
    stop: 'Stop',
  };
  const why =
    step.action === 'stop'
      ? 'its init script goes with the extension, and nothing could stop it then'
      : step.unit === null
        ? 'an extension wants it to read its files again (EXTENSION_RELOAD_MANAGER=, or units to restart)'
        : 'an extension that comes or goes asks for it in its release file';
  return { what: `${words[step.action]} ${unit} (${step.command.join(' ')})`, why };
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
