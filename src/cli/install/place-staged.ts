import { chmodSync, existsSync, lstatSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { putInPlace } from '../../host/put-in-place.js';
import { findBelow } from '../../host/root.js';
import { parseVersionedDirectoryName } from '../../images/image-name.js';
import { findPlaced } from '../../images/switched-off.js';
import { parseEntry } from '../../images/versioned-entry.js';
import { sidecarsOf } from '../../install/copy.js';
import { checksumOf } from '../../install/file-checksum.js';
import { formatEntryStem, isVersion, type ReleasedName } from '../../install/file-name.js';
import type { Installed } from '../../install/installed.js';
import { placeBelow } from '../../install/places.js';
import { refuse } from '../../install/problem.js';
import { searchFor } from '../context.js';
import type { MergeContext } from '../merge-settings.js';
import { installPlaces } from './change.js';
import { renameStaged, type Staged } from './stage-source.js';

/** The version of an image whose file name has none (os-release(5), fields of extension images). */
export function versionOf(
  { version }: ReleasedName,
  fields: ReadonlyMap<string, string>,
  className: string,
): string | null {
  const prefix = className.toUpperCase();
  const said = [`${prefix}_VERSION_ID`, `${prefix}_IMAGE_VERSION`].map((field) => fields.get(field) ?? '');
  return version ?? said.find(isVersion) ?? null;
}

/**
 * Puts an image that was checked in its place: into the versioned directory of its name, or if nobody knows its version beside
 * it. Until it is there as a whole nobody finds any of it.
 *
 * @throws InstallError, the errors of putInPlace()
 */
export function placeStaged(settings: MergeContext, staged: Staged, version: string | null): Installed {
  const { images } = installPlaces(settings);
  const place = placeBelow(settings.root, images);
  const { name } = staged.released;
  const suffix = staged.kind === 'raw' ? '.raw' : '';
  const versioned = join(place, `${name}${suffix}.v`);
  refuseTwins(settings, images, name, basename(versioned), version === null ? `${name}${suffix}` : null);
  if (version === null) {
    if (hasVersions(versioned)) refuse({ kind: 'no-version', name, directory: versioned });
    return placePlain(staged, join(place, `${name}${suffix}`));
  }
  const stem = formatEntryStem({ ...staged.released, version });
  const directory = findBelow(settings.root, join(images, basename(versioned))) ?? versioned;
  const target = join(directory, `${stem}${suffix}`);
  const same = findSame(directory, staged, version);
  if (same !== null) {
    const isSame = staged.kind === 'raw' && statSync(same).isFile() && isSameFile(same, staged.path);
    if (!isSame) refuse({ kind: 'version-exists', name, version, path: same });
    return { name, version, path: same, how: 'same' };
  }
  const path = renameStaged(staged, stem);
  if (existsSync(directory)) moveInto(path, directory);
  else {
    // The directory appears with the image in it.
    chmodSync(staged.stage, 0o755);
    putInPlace(staged.stage, directory);
  }
  return { name, version, path: target, how: 'new' };
}

/** What belongs to an image is there before the image is. Where there is none, what lies there belongs to nobody. */
function moveInto(path: string, directory: string): void {
  const [own, target] = [sidecarsOf(path), join(directory, basename(path))];
  for (const stale of sidecarsOf(target)) rmSync(stale);
  for (const file of own) putInPlace(file, join(directory, basename(file)));
  putInPlace(path, target);
}

function placePlain({ released, path }: Staged, target: string): Installed {
  const { name } = released;
  const there = lstatSync(target, { throwIfNoEntry: false });
  const isOther = there !== undefined && !(there.isFile() && isSameFile(target, path));
  if (there !== undefined && !isOther) return { name, version: null, path: target, how: 'same' };
  // A directory cannot be replaced by another one.
  if (there?.isFile() === false) refuse({ kind: 'name-taken', name, entry: target });
  if (isOther && [path, target].some((one) => sidecarsOf(one).length > 0))
    refuse({ kind: 'not-exchangeable', path: target });
  moveInto(path, dirname(target));
  return { name, version: null, path: target, how: isOther ? 'replaced' : 'new' };
}

/** In one search directory systemd takes the first that readdir(3) gives, so a name may be there only once. */
function refuseTwins(
  settings: MergeContext,
  place: string,
  name: string,
  versioned: string,
  plain: string | null,
): void {
  const search = searchFor(settings);
  const twin = findPlaced({ ...search, places: [place] }).find(
    (placed) =>
      placed.kind === 'image' &&
      placed.name === name &&
      basename(placed.entry) !== versioned &&
      basename(placed.entry) !== plain,
  );
  if (twin !== undefined) refuse({ kind: 'name-taken', name, entry: twin.entry });
}

function hasVersions(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).some((name) => !name.startsWith('.#'));
}

/** The entry with the same version and architecture, whatever its counter. */
function findSame(directory: string, { kind, released }: Staged, version: string): string | null {
  const suffix = kind === 'raw' ? '.raw' : '';
  const wanted = parseVersionedDirectoryName(`${released.name}${suffix}.v`, '');
  if (wanted === null || !existsSync(directory)) return null;
  const found = readdirSync(directory).find((file) => {
    // For the architecture in its name, if it has one.
    const type = kind === 'raw' ? 'file' : 'directory';
    const entry = parseEntry({ file, type }, wanted, released.architecture ?? '');
    return (
      entry.kind === 'entry' && entry.version === version && entry.architecture === released.architecture
    );
  });
  return found === undefined ? null : join(directory, found);
}

function isSameFile(a: string, b: string): boolean {
  return statSync(a).size === statSync(b).size && checksumOf(a) === checksumOf(b);
}
