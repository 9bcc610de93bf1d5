import { UnusableImagesError } from '../mount/examine-images.js';
import { ImageMountError } from '../mount/images.js';
import { HierarchyError } from '../overlay/hierarchy-error.js';
import type { SkippedSource } from '../report/dry-run/dry-run.js';
import { describeBroken } from '../report/errors.js';
import { type Log, logOf } from '../report/log.js';
import type { Installed } from './find-installed.js';
import type { MergeContext } from './merge-settings.js';

/**
 * Tries anew without what is broken, until the rest can be used. Nothing was mounted yet where somebody sees it when that is
 * found out, so each time is as the first one.
 *
 * @throws what `attempt` throws about anything but an extension
 */
export async function withoutBroken<Result>(
  context: MergeContext,
  installed: Installed,
  attempt: (context: MergeContext, rest: Installed) => Promise<Result>,
): Promise<{ readonly result: Result; readonly skipped: readonly SkippedSource[] }> {
  const patient = { ...context, log: sayingOnce(context.log) };
  const skipped: SkippedSource[] = [];
  for (let rest = installed; ; ) {
    try {
      return { result: await attempt(patient, rest), skipped };
    } catch (error) {
      const names = brokenIn(error);
      const problems = describeBroken(error) ?? [];
      const images = rest.images.filter(({ name }) => names.includes(name));
      if (images.length === 0) throw error;
      for (const problem of problems) patient.log.warning(`${problem} It is skipped.`);
      skipped.push(
        ...images.map(({ name, path }, index) => ({ name, path, problem: problems[index] ?? '' })),
      );
      rest = { ...rest, images: rest.images.filter((image) => !images.includes(image)) };
    }
  }
}

/** The names of the extensions that an error is about. */
function brokenIn(error: unknown): readonly string[] {
  if (error instanceof UnusableImagesError) return error.images.map(({ image }) => image.name);
  if (error instanceof ImageMountError) return [error.image.name];
  return error instanceof HierarchyError && error.kind === 'extension-file' ? error.extensions : [];
}

/** What was said of the others is not said once more. */
function sayingOnce(log: Log): Log {
  const said = new Set<string>();
  const at =
    (level: keyof Log) =>
    (message: string, data?: Parameters<Log[typeof level]>[1]): void => {
      if (said.has(message)) return;
      said.add(message);
      log[level](message, data);
    };
  return logOf(at);
}
