import { mayMount } from '../../host/privileges.js';
import { findPlaced } from '../../images/switched-off.js';
import { removeStage } from '../../install/stage.js';
import { describeInstalled, describeWhatCounts } from '../../report/install/done.js';
import { type Context, searchFor } from '../context.js';
import { changeInstalled } from '../install/change.js';
import { judgeStaged } from '../install/judge-staged.js';
import { placeStaged, versionOf } from '../install/place-staged.js';
import { stageSource } from '../install/stage-source.js';
import { NotPrivilegedError } from '../unfit-error.js';

/**
 * `install FILE|URL`: puts an image or a directory beside the versions of it that are there, when all is found to be well with
 * it. Until then no merge takes any of it.
 */
export async function install(context: Context): Promise<number> {
  if (!mayMount()) throw new NotPrivilegedError(process.geteuid?.() === 0);
  const { argument, extensionClass } = context.commandLine;
  const staged = await stageSource(context, argument ?? '');
  try {
    return await changeInstalled(context, async (session, settings) => {
      const fields = await judgeStaged(settings, session, staged);
      const version = versionOf(staged.released, fields, extensionClass.name);
      const installed = placeStaged(settings, staged, version);
      context.log.info(describeInstalled(installed));
      const placed = findPlaced(searchFor(context)).filter(({ name }) => name === installed.name);
      const { root, commandLine } = context;
      const { isTaken, message } = describeWhatCounts(installed, placed, { ...commandLine, root });
      if (!isTaken) context.log.notice(message);
      else if (!commandLine.installing.now) context.log.info(message);
      return undefined;
    });
  } finally {
    removeStage(staged.stage);
  }
}
