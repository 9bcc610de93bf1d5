import type { ExtensionClass } from '../extension-class.js';
import { parseBoolean } from './boolean-word.js';

/**
 * Whether the kernel command line forbids to merge at boot: `systemd.sysext=0`, in an initrd for the initrd itself
 * `rd.systemd.sysext=0` (kernel-command-line(7), systemd-sysext(8)). The last value counts, one that is neither yes
 * nor no forbids nothing, and the word without a value changes nothing, all as in the original.
 *
 * @param commandLine as in `/proc/cmdline`
 * @param inInitrd this is an initrd and not the root below it: `--root=/sysroot` is the system's own business
 */
export function isSwitchedOff(
  commandLine: string,
  extensionClass: ExtensionClass,
  inInitrd: boolean,
): boolean {
  const prefix = `${inInitrd ? 'rd.' : ''}${extensionClass.kernelSwitch}=`;
  const last = splitWords(commandLine).findLast((word) => word.startsWith(prefix));
  return last !== undefined && parseBoolean(last.slice(prefix.length)) === false;
}

/** Quotes may begin within a word and may lack their end; a backslash is an ordinary character. */
function splitWords(commandLine: string): string[] {
  const words = commandLine.match(/(?:"[^"]*"?|'[^']*'?|[^ \t\r\n"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"?|'([^']*)'?/g, '$1$2'));
}
