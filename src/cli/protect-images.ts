import { allowsUserspaceSignatures } from '../config/userspace-verity.js';
import { isInitrd } from '../host/initrd.js';
import { readKernelCommandLine } from '../host/kernel-command-line.js';
import { insideRoot } from '../host/root.js';
import type { Image } from '../images/image.js';
import { policyForImage } from '../images/policy/defaults.js';
import type { ImagePolicy } from '../images/policy/policy.js';
import { readCertificates, type TrustedCertificates } from '../images/verity/certificates.js';
import { examineImages, type UsableImage } from '../mount/examine-images.js';
import type { OpenImage } from '../mount/open-extensions.js';
import type { OpenSettings } from '../mount/open-part.js';
import { describeCheck, describeMissingGetfattr } from '../report/checks.js';
import type { Context } from './context.js';
import type { MergeContext } from './merge-settings.js';

/** Looks at all image files, each under its image policy. @throws what examineImages() throws */
export function examine(context: MergeContext, images: readonly Image[]): ReadonlyMap<Image, UsableImage> {
  const usable = examineImages(images, context.root, (image) => policyOf(context, image));
  for (const [{ name, path }, { examination }] of usable) {
    if (examination.rootHashUnread)
      context.log.warning(describeMissingGetfattr(name), { extension: name, path });
  }
  return usable;
}

/** The policy that an image is held to. */
export function policyOf(context: MergeContext, { path }: Image): ImagePolicy {
  const { root, imagePolicy, commandLine } = context;
  const inside = insideRoot(root, path);
  return policyForImage(imagePolicy, inside, commandLine.extensionClass, isInitrd(root)).policy;
}

/** With what signatures are checked: certificates are those below the root, and read only if there is a signature. */
export function openSettings({ root, env }: Context): OpenSettings {
  let trusted: TrustedCertificates | null | undefined;
  return {
    root,
    trusted: () => {
      if (trusted === undefined)
        trusted = allowsUserspaceSignatures(env, readKernelCommandLine()) ? readCertificates(root) : null;
      return trusted;
    },
  };
}

/** Says how images were checked, and which of them have less protection than they claim. */
export function reportChecks({ log }: Context, opened: readonly OpenImage[]): void {
  for (const { name, image, checks } of opened) {
    for (const { level, message } of checks.flatMap((check) => describeCheck(name, check)))
      log[level](message, { extension: name, path: image.path });
  }
}
