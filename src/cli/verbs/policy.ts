import { nativeArchitecture } from '../../host/architecture.js';
import { isInitrd } from '../../host/initrd.js';
import { examineImage } from '../../images/examine.js';
import { type Image, isFile } from '../../images/image.js';
import { defaultPolicy, untrustedPolicy } from '../../images/policy/defaults.js';
import type { ImageFacts } from '../../images/policy/facts.js';
import { judgeImage } from '../../images/policy/judge.js';
import { parseImagePolicy } from '../../images/policy/parse.js';
import { policyFacts } from '../../images/policy-facts.js';
import { hasSignatureFile, UnusableImagesError } from '../../mount/examine-images.js';
import {
  type ExplainedPolicy,
  policyForImageReport,
  policyReport,
} from '../../report/image-policy/explain.js';
import type { Context } from '../context.js';
import { findImage } from '../inspect/find-image.js';
import { ownRoot } from '../inspect/mounted-image.js';
import { imagePolicySource } from '../merge-settings.js';

/**
 * `policy [POLICY]`: says in words what an image policy means, or does to an image; without POLICY the one in force. Reads
 * only.
 *
 * @returns 1 for an image that is refused
 */
export function policy(context: Context): number {
  const { commandLine, print } = context;
  const explained = choose(context);
  if (commandLine.image === null) {
    print(policyReport(explained, commandLine.json));
    return 0;
  }
  const image = findImage(context, commandLine.image);
  const facts = factsOf(image, ownRoot(context.root, image));
  print(policyForImageReport(explained, image, facts, commandLine.json));
  return facts !== null && judgeImage(explained.policy, facts).kind === 'refused' ? 1 : 0;
}

/** `null` for a directory, which policies are not about. @throws UnusableImagesError */
function factsOf(image: Image, root: string): ImageFacts | null {
  if (!isFile(image)) return null;
  const examined = examineImage(image, root, nativeArchitecture());
  if (examined.kind !== 'examination') throw new UnusableImagesError([{ image, problem: examined }]);
  return policyFacts(examined, hasSignatureFile(image, root, examined));
}

/** @throws ImagePolicyError */
function choose(context: Context): ExplainedPolicy {
  const { argument, extensionClass } = context.commandLine;
  if (argument !== null)
    return {
      policy: parseImagePolicy(argument),
      source: { from: 'argument' },
      extensionClass,
      untrusted: null,
    };
  const source = imagePolicySource(context);
  const byDefault = source.policy === null;
  return {
    policy: source.policy ?? defaultPolicy(extensionClass),
    source,
    extensionClass,
    untrusted: byDefault && isInitrd(context.root) ? untrustedPolicy(extensionClass) : null,
  };
}
