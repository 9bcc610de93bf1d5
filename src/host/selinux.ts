import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { CommandFailedError, CommandMissingError, runCommand } from './process.js';
import { errorCode } from './root.js';

/** Where SELinux shows itself; the tests have others. */
export interface SelinuxPlaces {
  /** Where the kernel's selinuxfs is mounted. */
  readonly fileSystem: string;
  readonly config: string;
}

const PLACES: SelinuxPlaces = { fileSystem: '/sys/fs/selinux', config: '/etc/selinux/config' };

export type LabelOutcome =
  /** SELinux is not in use here; nothing was called. */
  | { kind: 'off' }
  | { kind: 'labelled' }
  /** `enforcing`: the kernel will refuse what the label does not allow. */
  | { kind: 'failed'; enforcing: boolean; cause: CommandFailedError | CommandMissingError };

/**
 * Gives files the security label of another one, with chcon(1): what is made for the root of a merged hierarchy takes the
 * place of the host's directory, and with the label of its maker confined programs could not even look into `/usr`.
 *
 * A failure in enforcing mode should therefore stop the merge before anything is mounted: better no extension than a
 * system where half of the services may not read `/usr`. In permissive mode it is worth a warning only.
 *
 * @param from the host's directory
 * @param to symlinks themselves, not what they point to
 */
export function copyLabel(from: string, to: readonly string[], places: SelinuxPlaces = PLACES): LabelOutcome {
  if (to.length === 0 || !isEnabled(places)) return { kind: 'off' };
  try {
    const result = runCommand(['chcon', `--reference=${from}`, '--no-dereference', '--', ...to]);
    if (result.status === 0) return { kind: 'labelled' };
    return { kind: 'failed', enforcing: isEnforcing(places), cause: new CommandFailedError(result) };
  } catch (cause) {
    if (!(cause instanceof CommandMissingError)) throw cause;
    return { kind: 'failed', enforcing: isEnforcing(places), cause };
  }
}

export type SelinuxMode = 'off' | 'permissive' | 'enforcing';

export function selinuxMode(places: SelinuxPlaces = PLACES): SelinuxMode {
  if (!isEnabled(places)) return 'off';
  return isEnforcing(places) ? 'enforcing' : 'permissive';
}

/**
 * As is_selinux_enabled(3): selinuxfs is mounted, not read-only, which is how containers see it whose labels are not their
 * own, and there is a configuration.
 */
function isEnabled({ fileSystem, config }: SelinuxPlaces): boolean {
  if (!existsSync(`${fileSystem}/enforce`) || !existsSync(config)) return false;
  try {
    accessSync(fileSystem, constants.W_OK);
    return true;
  } catch (error) {
    return errorCode(error) !== 'EROFS';
  }
}

/** If it cannot be read it is taken for on: the safe side. */
function isEnforcing({ fileSystem }: SelinuxPlaces): boolean {
  try {
    return readFileSync(`${fileSystem}/enforce`, 'utf8').trim() !== '0';
  } catch {
    return true;
  }
}
