import { parseReleasedName } from '../../install/file-name.js';
import { describeError } from '../../report/errors.js';
import type { UpdateResult } from '../../report/update/result.js';
import type { Acquired } from '../../update/acquire.js';
import type { Delivery } from '../../update/decide.js';
import { installDeliveries } from '../../update/install.js';
import type { Context } from '../context.js';
import { changeInstalled, refreshChanged } from '../install/change.js';
import { judgeStaged } from '../install/judge-staged.js';
import type { MergeContext } from '../merge-settings.js';
import type { Session } from '../session.js';
import { discard, type Fetched } from './acquire-all.js';
import { imageFileName } from './image-name.js';
import { refreshQuietly } from './refresh-quietly.js';
import { tellOutcome } from './tell.js';

/** An update of which all files are fetched. */
interface Ready {
  readonly result: UpdateResult;
  readonly version: string;
  readonly deliveries: readonly Delivery[];
  readonly fetched: Fetched;
}

/**
 * Gives the new files of updates their names, with the lock of the root, after it was looked into them: what a merge would
 * refuse or ignore does not take the place of what it takes now. Then, with `--now`, it is merged; if nothing is new, that is done
 * without a word, unless an earlier call has left something to merge.
 *
 * @returns what became of each, and the exit status of the merge
 * @throws what changeInstalled() and refreshQuietly() throw
 */
export async function putAll(
  context: Context,
  updates: readonly Ready[],
): Promise<{ readonly outcomes: readonly UpdateResult['outcome'][]; readonly status: number }> {
  const outcomes: UpdateResult['outcome'][] = [];
  try {
    const isNew = () => outcomes.some(({ kind }) => kind === 'updated');
    const status = await changeInstalled(
      context,
      async (session, settings) => {
        for (const update of updates) {
          const outcome = await put(settings, session, update);
          outcomes.push(outcome);
          tellOutcome(context, { ...update.result, outcome });
        }
        return undefined;
      },
      (session, settings) => (isNew() ? refreshChanged(session, settings) : refreshQuietly(context, session)),
    );
    return { outcomes, status };
  } finally {
    for (const { fetched } of updates) discard(fetched.files);
  }
}

async function put(
  settings: MergeContext,
  session: Session,
  { version, deliveries, fetched }: Ready,
): Promise<UpdateResult['outcome']> {
  try {
    for (const [index, delivery] of deliveries.entries())
      await vet(settings, session, delivery, fetched.files[index]!);
    const removed = installDeliveries(deliveries, fetched.files, settings.root);
    const put = fetched.files.flatMap((file) => file?.path ?? []);
    return { kind: 'updated', version, put, removed: [...fetched.removed, ...removed] };
  } catch (error) {
    const lines = describeError(error);
    if (lines === null) throw error;
    return { kind: 'failed', lines };
  }
}

/** @throws InstallError for what no merge would take */
async function vet(
  settings: MergeContext,
  session: Session,
  delivery: Delivery,
  file: Acquired | null,
): Promise<void> {
  const name = file === null ? null : imageFileName(settings, delivery);
  if (file === null || name === null) return;
  const released = parseReleasedName(name, settings.commandLine.extensionClass.suffix);
  await judgeStaged(settings, session, {
    kind: 'raw',
    path: file.temporary,
    source: delivery.source!.path,
    released,
  });
}
