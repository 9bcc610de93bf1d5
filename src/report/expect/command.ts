import { printable, quoted, quotedList } from '../printable.js';
import { reasonOf } from '../reason.js';
import type { FoundCommand } from './result.js';
import type { Words } from './words.js';

/** What became of a command. */
export function describeCommand(found: FoundCommand): Words {
  switch (found.kind) {
    case 'program':
      return { found: `it is ${quoted(found.path)}`, advice: null };
    case 'no-program': {
      const where = found.searched.length === 0 ? '' : ` in PATH (${quotedList(found.searched)})`;
      return {
        found: `there is no program ${quoted(found.program)}${where}`,
        advice: 'merge the extension that has it, or correct PATH',
      };
    }
    case 'not-executable':
      return {
        found: `${quoted(found.path)} cannot be executed`,
        advice: 'see its mode, and whether it is mounted with noexec',
      };
    case 'ended':
      return {
        found: `${quoted(found.path)} ended with exit status ${found.status}${saying(found.said)}`,
        advice: 'run it by hand to see all that it says',
      };
    case 'killed':
      return {
        found: `${quoted(found.path)} was killed by ${found.signal}${saying(found.said)}`,
        advice: 'run it by hand to see all that it says',
      };
    case 'timed-out':
      return {
        found: `${quoted(found.path)} had not ended after ${found.seconds} s, and was killed`,
        advice: 'give it more time: works within SECONDS; or other arguments, with which it ends',
      };
    case 'not-started':
      return {
        found: `${quoted(found.path)} could not be started: ${reasonOf(found.cause)}`,
        advice: "see whether its loader or interpreter is there; 'check' says what an image lacks",
      };
    case 'other-root':
      return {
        found: `commands run on this machine, and not below ${quoted(found.root)}`,
        advice: 'call this program in that root, by chroot(8)',
      };
  }
}

function saying(line: string): string {
  return line === '' ? '' : `: ${printable(line)}`;
}
