import { parseBoolean } from './boolean-word.js';
import { kernelSettings } from './kernel-command-line.js';

/**
 * Whether signatures of root hashes may be checked against the certificates of `verity.d`. Three switches forbid it, as in
 * the original: `SYSTEMD_DISSECT_VERITY_SIGNATURE` and `SYSTEMD_ALLOW_USERSPACE_VERITY` in the environment (systemd's
 * ENVIRONMENT.md), and `systemd.allow_userspace_verity=` on the kernel command line (kernel-command-line(7)). A value of
 * the latter two that is neither yes nor no forbids it too; of the first it changes nothing.
 *
 * @param commandLine as in `/proc/cmdline`
 */
export function allowsUserspaceSignatures(
  env: Readonly<Record<string, string | undefined>>,
  commandLine: string,
): boolean {
  if (parseBoolean(env['SYSTEMD_DISSECT_VERITY_SIGNATURE'] ?? 'yes') === false) return false;
  if (parseBoolean(env['SYSTEMD_ALLOW_USERSPACE_VERITY'] ?? 'yes') !== true) return false;
  const last = kernelSettings(commandLine, 'systemd.allow_userspace_verity').at(-1);
  return last === undefined || parseBoolean(last) === true;
}
