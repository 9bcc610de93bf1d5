import { existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { syncDirectory } from '../../host/put-in-place.js';
import { findBelow, insideRoot } from '../../host/root.js';
import type { Image } from '../../images/image.js';
import { parseVersionedDirectoryName, type VersionedDirectoryName } from '../../images/image-name.js';
import type { Pick } from '../../images/versioned-directory.js';
import { SIDECARS } from '../../install/copy.js';
import { refuse } from '../../install/problem.js';
import { planRollback, type Renaming } from '../../install/rollback.js';
import { describeOff, describeRolledBack } from '../../report/install/done.js';
import { linkVersion, planLinkRollback } from '../../update/linked.js';
import type { Context } from '../context.js';
import { changeInstalled } from '../install/change.js';
import { findByName } from '../install/survey.js';
import { tellWhatStays } from '../install/what-stays.js';
import { linkedVersionsFinder } from '../update/linked.js';

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
    const done =
      image.versions === null || directory === null
        ? rollBackLink(context, image, wanted)
        : rollBackDirectory(context, image, image.versions, directory, wanted);
    const { root, log, commandLine } = context;
    log.info(describeRolledBack(name, done.version, done.isNew));
    const [first] = placed;
    if (first?.kind === 'off') log.notice(describeOff(first, { ...commandLine, root }));
    else if (done.isNew) tellWhatStays(context, name);
  });
}

/** What a merge takes from now on, or took already. */
interface Done {
  readonly version: string;
  readonly isNew: boolean;
}

function rollBackDirectory(
  { root }: Context,
  { name, entry }: Image,
  versions: Pick,
  directory: VersionedDirectoryName,
  wanted: string | null,
): Done {
  const plan = planRollback(versions, directory, wanted);
  if (plan.kind === 'none-older' || plan.kind === 'no-such-version') return refuse({ ...plan, name });
  const place = findBelow(root, insideRoot(root, entry)) ?? entry;
  if (plan.kind === 'renamings')
    for (const renaming of plan.renamings) rename(place, renaming, directory.suffix);
  return { version: plan.version, isNew: plan.kind === 'renamings' };
}

/** The symlink by which a transfer file says what is current leads elsewhere. */
function rollBackLink(context: Context, image: Image, wanted: string | null): Done {
  const { name, entry } = image;
  const linked = linkedVersionsFinder(context)(image);
  if (linked === null) return refuse({ kind: 'not-versioned', name, entry });
  const plan = planLinkRollback(linked, wanted);
  if (plan.kind === 'none-older' || plan.kind === 'no-such-version') return refuse({ ...plan, name });
  if (plan.kind === 'links') linkVersion(linked, plan.version, context.root);
  return { version: plan.version, isNew: plan.kind === 'links' };
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
