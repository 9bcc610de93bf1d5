import type { ExtensionClass } from '../../extension-class.js';
import { parseImagePolicy } from './parse.js';
import { DENY, type ImagePolicy } from './policy.js';

type ClassName = ExtensionClass['name'];

const ANY = 'verity+signed+encrypted+encryptedwithintegrity+unprotected+absent';

/** Where nothing else is said: any protection, and none. What an extension is not read from is ignored. */
const RELAXED: Readonly<Record<ClassName, ImagePolicy>> = {
  sysext: parseImagePolicy(`root=${ANY}:usr=${ANY}`),
  confext: parseImagePolicy(`root=${ANY}`),
};

const STRICT: Readonly<Record<ClassName, ImagePolicy>> = {
  sysext: parseImagePolicy('root=signed+absent:usr=signed+absent'),
  confext: parseImagePolicy('root=signed+absent'),
};

/** What the boot loader has copied from a file system that nobody protects (systemd-stub(7)). */
const UNTRUSTED = '/.extra/';

/** Directories below {@link UNTRUSTED} for images, and for images of which class. */
const PLACES: Readonly<Record<string, ClassName>> = {
  sysext: 'sysext',
  global_sysext: 'sysext',
  confext: 'confext',
  global_confext: 'confext',
};

/** The default for images of a class. */
export const defaultPolicy = ({ name }: ExtensionClass): ImagePolicy => RELAXED[name];

/** The default for images of a class that the boot loader has copied. */
export const untrustedPolicy = ({ name }: ExtensionClass): ImagePolicy => STRICT[name];

export interface PolicyChoice {
  readonly policy: ImagePolicy;
  readonly from: /** The user said it, on the command line or in a configuration file. */
    | 'setting'
    /** The default of the class. */
    | 'class'
    /** The default for images that the boot loader has found: they must be signed. */
    | 'untrusted-place'
    /** Below the same directory, but in no place for images: nothing there may be used. */
    | 'no-place';
}

/**
 * The policy that an image is held to. What the user said counts for all images, as in the original also for those in
 * an initrd that would be held to a stricter one.
 *
 * @param setting `null` if the user said nothing
 * @param path the image without the root, symlinks resolved: where it is counts, and not which link leads to it
 * @param inInitrd whether the root is an initrd; elsewhere `/.extra` is a directory like any other
 */
export function policyForImage(
  setting: ImagePolicy | null,
  path: string,
  extensionClass: ExtensionClass,
  inInitrd: boolean,
): PolicyChoice {
  if (setting !== null) return { policy: setting, from: 'setting' };
  if (!inInitrd || !path.startsWith(UNTRUSTED))
    return { policy: RELAXED[extensionClass.name], from: 'class' };
  const [place = '', ...below] = path.slice(UNTRUSTED.length).split('/');
  const name = below.length > 0 && Object.hasOwn(PLACES, place) ? PLACES[place] : undefined;
  return name === undefined
    ? { policy: DENY, from: 'no-place' }
    : { policy: STRICT[name], from: 'untrusted-place' };
}
