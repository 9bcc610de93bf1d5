import { readConfiguration } from '../config/configuration.js';
import { chooseImagePolicy, type PolicySource } from '../config/image-policy.js';
import { chooseMutableMode } from '../config/mutable-mode.js';
import { formatImagePolicy } from '../images/policy/format.js';
import type { ImagePolicy } from '../images/policy/policy.js';
import type { MutableMode } from '../overlay/mutable-mode.js';
import { describeConfigProblems, describeMutableVariable } from '../report/config-problems.js';
import type { Context } from './context.js';

/** What a merge needs to know beside what every verb does. */
export interface MergeContext extends Context {
  readonly mutable: MutableMode;
  /** What images must have; `null`: the default for the place of each, see policyForImage(). */
  readonly imagePolicy: ImagePolicy | null;
  /** More options for the overlays. */
  readonly mountOptions: string | null;
}

/** Settings come from the command line, else from the environment, else from the configuration files. */
export function withMergeSettings(context: Context): MergeContext {
  const { root, env, log, commandLine } = context;
  const { extensionClass } = commandLine;
  const { mutable: setting, imagePolicy, problems } = readConfiguration(root, extensionClass);
  for (const message of describeConfigProblems(problems)) log.warning(message);
  const variable = env[extensionClass.mutableVariable];
  const { mode, from, badVariable } = chooseMutableMode({ option: commandLine.mutable, variable, setting });
  if (badVariable !== null) log.warning(describeMutableVariable(extensionClass.mutableVariable, badVariable));
  log.debug(`The mutable mode is ${mode} (${from}).`, { mode, from });
  const { policy, from: policyFrom } = chooseImagePolicy(commandLine.imagePolicy, imagePolicy);
  const said = policy === null ? 'the default' : formatImagePolicy(policy);
  log.debug(`The image policy is ${said} (${policyFrom}).`, { policy: said, from: policyFrom });
  const mountOptions = env[extensionClass.mountOptionsVariable] ?? null;
  return { ...context, mutable: mode, imagePolicy: policy, mountOptions };
}

/** The image policy in force for verbs that merge nothing, and who says so. */
export function imagePolicySource({ root, log, commandLine }: Context): PolicySource {
  const { imagePolicy, problems } = readConfiguration(root, commandLine.extensionClass);
  for (const message of describeConfigProblems(problems)) log.warning(message);
  return chooseImagePolicy(commandLine.imagePolicy, imagePolicy);
}
