import type { FollowUp, Reader } from '../../check/afterwards.js';
import { printable, quoted } from '../printable.js';
import { more } from './sentences.js';

/** What each command does, for who has never called it: the end of a sentence that begins with "it". */
const PURPOSES: Readonly<Record<Reader, string>> = {
  linker: 'finds the new shared libraries',
  users: 'makes the users and groups',
  tmpfiles: 'makes files and directories outside of what is merged',
  'module-index': 'lists the new kernel modules, so that they are found',
  modules: 'loads the kernel modules that are asked for',
  sysctl: 'sets the kernel parameters',
  binfmt: 'tells the kernel of new formats of programs',
  hardware: 'reads the new entries of the hardware database',
  udev: 'has udev read its rules again',
  devices: 'applies them to the devices that are there already',
  dbus: 'has D-Bus read policies and services again',
  settings: 'makes the list of settings anew',
  'file-types': 'makes the list of file types anew',
  'desktop-entries': 'makes the list of which program opens which file anew',
  icons: 'makes the list of icons anew',
  fonts: 'finds the new fonts',
  manager: 'has the service manager read its units again',
  units: 'starts what a late merge does not start',
};

/** Who does it if not merge. */
const DOERS: Partial<Record<Reader, string>> = {
  users: 'a service of the image does it when it is started',
  tmpfiles: 'a service of the image does it when it is started',
};

export function purposeOf({ reader }: FollowUp): string {
  return PURPOSES[reader];
}

/** `systemd-tmpfiles --create`, with words in quotes where a shell needs that; safe for a terminal. */
export function commandLineOf({ command }: FollowUp): string {
  return command
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${printable(word).replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** The list in words; nothing if there is nothing to do. Lines, without newlines. */
export function describeFollowUps(followUps: readonly FollowUp[]): string[] {
  if (followUps.length === 0) return [];
  const lines = followUps.flatMap((one, index) => {
    const notes = [
      ...(one.isDone ? [DOERS[one.reader] ?? 'merge does it, since the release file asks for it'] : []),
      ...(one.writes ? ['it writes into /usr, which is read-only while something is merged'] : []),
    ];
    const note = notes.length === 0 ? '' : `; ${notes.join('; ')}`;
    return [
      `  ${index + 1}. ${commandLineOf(one)}`,
      `     ${purposeOf(one)}: for ${quoted(one.path)}${more(one.count - 1)}${note}.`,
    ];
  });
  return ['', '  To be run after a merge, in this order:', ...lines.map((line) => `  ${line}`)];
}
