import { renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from '../../host/put-in-place.js';
import { findBelow, insideRoot } from '../../host/root.js';
import { type Image, isFile } from '../../images/image.js';
import { sidecarsOf } from '../../install/copy.js';
import { refuse } from '../../install/problem.js';
import { makeStage, removeStage } from '../../install/stage.js';
import { switchOn } from '../../install/switch.js';
import { describeRemoved, describeUncovered } from '../../report/install/done.js';
import type { Context } from '../context.js';
import { changeInstalled, installPlaces, type Unfinished } from '../install/change.js';
import { findByName, mergedTester } from '../install/survey.js';
import { tellWhatStays } from '../install/what-stays.js';

/** What is to go: paths in one directory, the image before what belongs to it. */
interface Going {
  readonly directory: string;
  readonly files: readonly string[];
  readonly versions: readonly string[];
  /** Images and directories themselves. */
  readonly images: readonly string[];
}

/** `remove NAME [VERSION]`: what is installed by that name goes, or that version of it. */
export function remove(context: Context): Promise<number> {
  const [name = '', version = null] = context.commandLine.operands;
  return changeInstalled(context, () => {
    const image = findRemovable(context, name);
    const going = version === null ? allOf(context, image) : onlyVersion(context, image, version);
    const isMerged = mergedTester(context);
    const merged = going.images.filter((path) => isMerged(name, path) !== false);
    if (!isFile(image) && merged.length > 0 && !context.commandLine.installing.now)
      refuse({ kind: 'merged-directory', name, entry: merged[0]! });
    return takeAway(context, name, going);
  });
}

/** Only what is where this program installs. @throws InstallError */
function findRemovable(context: Context, name: string): Image {
  const placed = findByName(context, name).flatMap((one) => (one.kind === 'image' ? [one] : []));
  const [first] = placed;
  if (first === undefined) return refuse({ kind: 'not-installed', name });
  const own = placed.find(({ place }) => place === installPlaces(context).images);
  return own?.image ?? refuse({ kind: 'elsewhere', name, entry: first.entry });
}

function allOf({ root }: Context, { entry, path, versions }: Image): Going {
  const all = versions === null ? [] : entriesOf(versions);
  return {
    directory: dirname(entry),
    files: [basename(entry), ...(versions === null ? besides(entry) : [])],
    versions: [...new Set(all.map(({ version }) => version))],
    images: versions === null ? [path] : all.map(({ file }) => resolveIn(root, entry, file)),
  };
}

function onlyVersion(context: Context, image: Image, version: string): Going {
  const { name, entry, versions } = image;
  if (versions === null) return refuse({ kind: 'not-versioned', name, entry });
  const all = entriesOf(versions);
  const gone = all.filter((one) => one.version === version);
  if (gone.length === 0)
    return refuse({ kind: 'no-such-version', name, version, versions: all.map((one) => one.version) });
  // An empty versioned directory would be warned of.
  if (gone.length === all.length && versions.rejected.length === 0) return allOf(context, image);
  const directory = findBelow(context.root, insideRoot(context.root, entry)) ?? entry;
  return {
    directory,
    files: gone.flatMap(({ file }) => [file, ...besides(join(directory, file))]),
    versions: [version],
    images: gone.map(({ file }) => resolveIn(context.root, entry, file)),
  };
}

const entriesOf = ({ winner, losers }: NonNullable<Image['versions']>) => [
  ...(winner === null ? [] : [winner]),
  ...losers.map(({ entry }) => entry),
];

function resolveIn(root: string, directory: string, file: string): string {
  const path = join(directory, file);
  return findBelow(root, insideRoot(root, path)) ?? path;
}

const besides = (path: string): string[] => sidecarsOf(path).map((file) => basename(file));

/** It goes out of sight at once, and is deleted when nothing of it is merged any more. */
function takeAway(context: Context, name: string, { directory, files, versions }: Going): Unfinished {
  const { log } = context;
  const stage = makeStage(directory);
  for (const file of files) renameSync(join(directory, file), join(stage, file));
  syncDirectory(directory);
  return {
    commit() {
      removeStage(stage);
      syncDirectory(directory);
      const [first = ''] = files;
      log.info(describeRemoved(name, versions, join(directory, first)));
      finish(context, name);
    },
    revert() {
      for (const file of files.toReversed()) renameSync(join(stage, file), join(directory, file));
      removeStage(stage);
    },
  };
}

/** What is switched off is something that is installed; a mask is there for itself. */
function finish(context: Context, name: string): void {
  const left = findByName(context, name);
  const image = left.find(({ kind }) => kind === 'image');
  if (image === undefined)
    for (const one of left) if (one.kind === 'off' && one.how === 'disabled') switchOn(one.entry);
  if (image !== undefined && image === left[0]) {
    const isOwn = image.place === installPlaces(context).images;
    if (!isOwn) context.log.notice(describeUncovered(name, image.entry));
  }
  tellWhatStays(context, name);
}
