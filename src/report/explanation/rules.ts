import type { Rule } from '../../images/versioned-directory.js';
import type { Check, CheckRule } from '../../release/check.js';
import type { Via } from '../../release/release-file.js';

/** Where it is written which release file counts. */
export const RELEASE_FILE_RULES = 'systemd-sysext(8)';
/** Where it is written which version of several is taken. */
export const VERSION_RULES = 'systemd.v(7)';
/** Where it is written what hides and what masks. */
export const PLACE_RULES = 'systemd-sysext(8)';

const CHECK_RULES: Readonly<Record<CheckRule, string>> = {
  same: 'both are the same',
  other: 'both must be the same',
  any: '_any fits every host',
  'not-set': 'an extension that names none fits every architecture',
  listed: 'the host is one of these',
  'not-listed': 'the host must be one of these',
  'default-scope': 'an extension that names none is for system and portable',
  missing: 'the extension must name it',
  like: "it is in the host's ID_LIKE",
  'one-sided': 'not compared, because only one side has a level; the versions decide',
  rolling: 'the host has neither version nor level, so every version fits',
  'host-has-none': 'the host has a level only, and the extension none, so nothing is left to compare',
};

/** The rule by which a comparison came out as it did, without a full stop. */
export function describeCheckRule({
  check,
  rule,
  extension,
}: Pick<Check, 'check' | 'rule' | 'extension'>): string {
  if (check === 'level' && rule === 'same') return 'both are the same, so the versions do not matter';
  // What is set to nothing is a list with nothing in it, and not the list that counts if none is given.
  if (rule === 'not-listed' && extension === null) return `${CHECK_RULES['default-scope']} only`;
  return CHECK_RULES[rule];
}

const CHECK_SOURCES: Readonly<Record<Check['check'], string>> = {
  scope: 'os-release(5)',
  architecture: 'systemd-sysext(8), systemd.unit(5)',
  id: 'systemd-sysext(8)',
  level: 'systemd-sysext(8), os-release(5)',
  version: 'systemd-sysext(8)',
};

/** The manual page that has the rule. */
export function sourceOfRule({ check, rule }: Pick<Check, 'check' | 'rule'>): string {
  return rule === 'like' ? 'os-release(5)' : CHECK_SOURCES[check];
}

/** Why one version was chosen and not another one, which is what the sentence is about. */
export const VERSION_RULE_WORDS: Readonly<Record<Rule, string>> = {
  'tries-left': 'it has no tries left',
  version: 'it is older',
  'native-architecture': 'it is not made for this architecture alone',
  'secondary-architecture': 'it is for no architecture in particular',
  'more-tries-left': 'it has fewer tries left',
  'fewer-tries-done': 'it was tried more often',
  'file-name': 'its file name comes earlier, byte by byte',
};

/** Why this release file is the one that counts. */
export const VIA_WORDS: Readonly<Record<Via, string>> = {
  name: "it has the image's name",
  'version-cut': "it has the image's name without its version",
  'not-strict': 'its name may differ, as its attribute user.extension-release.strict says',
};
