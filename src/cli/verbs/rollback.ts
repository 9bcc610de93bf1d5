import { existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { syncDirectory } from '../../host/put-in-place.js';
import { findBelow, insideRoot } from '../../host/root.js';
import { parseVersionedDirectoryName } from '../../images/image-name.js';
import { SIDECARS } from '../../install/copy.js';
import { refuse } from '../../install/problem.js';
import { planRollback, type Renaming } from '../../install/rollback.js';
import { describeOff, describeRolledBack } from '../../report/install/done.js';
import type { Context } from '../context.js';
import { changeInstalled } from '../install/change.js';
import { findByName } from '../install/survey.js';
import { tellWhatStays } from '../install/what-stays.js';

/** `rollback NAME [VERSION]`: a merge takes that version, or the one before. */
export function rollback(context: Context): Promise<number> {
  const { operands, extensionClass } = context.commandLine;
  const [name = '', wanted = null] = operands;
  return changeInstalled(context, () => {
    const placed = findByName(context, name);
    const found = placed.find((one) => one.kind === 'image');
    if (found?.kind !== 'image') return refuse({ kind: 'not-installed', name });
    const { image } = found;
    const directory = parseVersionedDirectoryName(basename(image.entry), extensionClass.suffix);
    if (image.versions === null || directory === null)
      return refuse({ kind: 'not-versioned', name, entry: image.entry });
    const plan = planRollback(image.versions, directory, wanted);
    if (plan.kind === 'none-older' || plan.kind === 'no-such-version') return refuse({ ...plan, name });
    const { root, log, commandLine } = context;
    const place = findBelow(root, insideRoot(root, image.entry)) ?? image.entry;
    if (plan.kind === 'renamings')
      for (const renaming of plan.renamings) rename(place, renaming, directory.suffix);
    log.info(describeRolledBack(name, plan.version, plan.kind === 'renamings'));
    const [first] = placed;
    if (first?.kind === 'off') log.notice(describeOff(first, { ...commandLine, root }));
    else if (plan.kind === 'renamings') tellWhatStays(context, name);
  });
}

/** What belongs to an image has its name, and must have it as long as the image can be picked. */
function rename(place: string, { from, to }: Renaming, suffix: string): void {
  const stemOf = (file: string) => file.slice(0, file.length - suffix.length);
  const beside = SIDECARS.map((sidecar) => [stemOf(from) + sidecar, stemOf(to) + sidecar] as const).filter(
    ([file]) => existsSync(join(place, file)),
  );
  const isPickable = !/\+0(-\d+)?$/.test(stemOf(to));
  const pairs = isPickable ? [...beside, [from, to] as const] : [[from, to] as const, ...beside];
  for (const [old, renewed] of pairs) renameSync(join(place, old), join(place, renewed));
  syncDirectory(place);
}
