import type { ImagePolicy } from '../images/policy/policy.js';
import type { PolicySetting } from './configuration.js';

/** Who says which policy images are held to. */
export type PolicySource =
  | { readonly from: 'option'; readonly policy: ImagePolicy }
  | { readonly from: 'setting'; readonly policy: ImagePolicy; readonly setting: PolicySetting }
  /** Nobody: the default for the class and the place of an image counts, see images/policy/defaults.ts. */
  | { readonly from: 'default'; readonly policy: null };

/** The command line counts before the files (sysext.conf(5)). There is no variable for it in the environment. */
export function chooseImagePolicy(option: ImagePolicy | null, setting: PolicySetting | null): PolicySource {
  if (option !== null) return { from: 'option', policy: option };
  if (setting !== null) return { from: 'setting', policy: setting.policy, setting };
  return { from: 'default', policy: null };
}
