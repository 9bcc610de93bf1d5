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
  const name = `${inInitrd ? 'rd.' : ''}${extensionClass.kernelSwitch}`;
  const last = kernelSettings(commandLine, name).at(-1);
  return last !== undefined && parseBoolean(last) === false;
}

/**
 * The values that are given for a setting, in their order; the word without a value gives none. In names `-` is as good as
 * `_`, as for the kernel's own parameters.
 *
 * @param commandLine as in `/proc/cmdline`
 * @param name without the `=`
 */
export function kernelSettings(commandLine: string, name: string): string[] {
  const plain = (text: string) => text.replaceAll('-', '_');
  return splitWords(commandLine).flatMap((word) => {
    const equals = word.indexOf('=');
    return equals !== -1 && plain(word.slice(0, equals)) === plain(name) ? [word.slice(equals + 1)] : [];
  });
}

/** Quotes may begin within a word and may lack their end; a backslash is an ordinary character. */
function splitWords(commandLine: string): string[] {
  const words = commandLine.match(/(?:"[^"]*"?|'[^']*'?|[^ \t\r\n"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"?|'([^']*)'?/g, '$1$2'));
}
