import { isInitrd } from '../../host/initrd.js';
import { defaultPolicy, untrustedPolicy } from '../../images/policy/defaults.js';
import { parseImagePolicy } from '../../images/policy/parse.js';
import { type ExplainedPolicy, policyReport } from '../../report/image-policy/explain.js';
import type { Context } from '../context.js';
import { imagePolicySource } from '../merge-settings.js';

/** `policy [POLICY]`: says in words what an image policy means; without POLICY the one in force. Reads only. */
export function policy(context: Context): number {
  const { commandLine, print } = context;
  print(policyReport(choose(context), commandLine.json));
  return 0;
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
