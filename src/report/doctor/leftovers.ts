import type { Leftover } from '../../doctor/leftovers.js';
import { printable, quoted, quotedList } from '../printable.js';

/** What a killed call has left, and what that means. */
export function describeLeftover(leftover: Leftover): string {
  const path = quoted(leftover.path);
  switch (leftover.kind) {
    case 'workspace':
      return `${path}, the workspace of a call that was killed${describePhase(leftover)}${describeDevices(leftover.devices)}`;
    case 'trace':
      return `${path}, of a call that was killed; nobody holds that lock, and it is in nobody's way`;
    case 'unmerge':
      return `${path}, of an unmerge that was killed in the middle, and has to be finished`;
    case 'look':
      return `${path}, an empty directory in which an image was looked at, by a call that was killed`;
    case 'stage':
      return `${path}, of a call that was killed while it installed or removed something; no merge takes it`;
    case 'work-directory':
      return `${path}, the work directory of a writable merge of ${quoted(leftover.hierarchy)} that is no longer mounted`;
  }
}

function describePhase({ phase, hierarchies }: Extract<Leftover, { kind: 'workspace' }>): string {
  const where = hierarchies.length === 0 ? '' : ` at ${quotedList(hierarchies)}`;
  switch (phase) {
    case 'half-done':
      return `: what it did${where} is half done, and has to be undone`;
    case 'not-tidied':
      return `: what it did${where} is done, but not tidied up`;
    case 'nothing-shown':
      return ' before it had changed anything';
  }
}

function describeDevices(devices: readonly string[]): string {
  return devices.length === 0 ? '' : `; it had made the devices ${devices.map(printable).join(', ')}`;
}

/** What was done about it. */
export function describeMended(leftover: Leftover): string {
  const path = quoted(leftover.path);
  if (leftover.kind === 'unmerge')
    return `Finished an unmerge that was killed in the middle, and removed ${path}.`;
  if (leftover.kind !== 'workspace') return `Removed ${path}.`;
  const { hierarchies } = leftover;
  const done = {
    'half-done': `Undid what a call that was killed had left half done${hierarchies.length === 0 ? '' : ` at ${quotedList(hierarchies)}`}, and removed`,
    'not-tidied': 'Tidied up after a call that was killed, and removed',
    'nothing-shown': 'Removed',
  }[leftover.phase];
  return `${done} its workspace ${path}.`;
}
