import { readConfiguration } from '../config/configuration.js';
import { chooseMutableMode } from '../config/mutable-mode.js';
import type { MutableMode } from '../overlay/mutable-mode.js';
import { describeConfigProblems, describeMutableVariable } from '../report/config-problems.js';
import type { Context } from './context.js';

/** What a merge needs to know beside what every verb does. */
export interface MergeContext extends Context {
  readonly mutable: MutableMode;
  /** More options for the overlays. */
  readonly mountOptions: string | null;
}

/** Settings come from the command line, else from the environment, else from the configuration files. */
export function withMergeSettings(context: Context): MergeContext {
  const { root, env, log, commandLine } = context;
  const { extensionClass } = commandLine;
  const { mutable: setting, problems } = readConfiguration(root, extensionClass);
  for (const message of describeConfigProblems(problems)) log.warning(message);
  const variable = env[extensionClass.mutableVariable];
  const { mode, from, badVariable } = chooseMutableMode({ option: commandLine.mutable, variable, setting });
  if (badVariable !== null) log.warning(describeMutableVariable(extensionClass.mutableVariable, badVariable));
  log.debug(`The mutable mode is ${mode} (${from}).`, { mode, from });
  return { ...context, mutable: mode, mountOptions: env[extensionClass.mountOptionsVariable] ?? null };
}
