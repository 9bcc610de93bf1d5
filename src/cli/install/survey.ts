import { statSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from '../../host/device.js';
import { errorCode, findBelow, insideRoot } from '../../host/root.js';
import type { Image } from '../../images/image.js';
import { findPlaced, type Placed } from '../../images/switched-off.js';
import type { Rule, VersionedEntry } from '../../images/versioned-directory.js';
import type { InstalledName, InstalledVersion, VersionState } from '../../install/installed.js';
import { parseOrigin, type SourceRecord } from '../../overlay/origin.js';
import type { LinkedVersions } from '../../update/linked.js';
import { type Context, readHierarchies, searchFor } from '../context.js';
import { linkedVersionsFinder } from '../update/linked.js';

/** All that is installed, by name. @throws the errors of findPlaced() */
export function surveyInstalled(context: Context): InstalledName[] {
  const placed = findPlaced(searchFor(context));
  const isMerged = mergedTester(context);
  const linkedTo = linkedVersionsFinder(context);
  const names = [...new Set(placed.map(({ name }) => name))].sort((a, b) =>
    Buffer.compare(Buffer.from(a), Buffer.from(b)),
  );
  return names.map((name) => {
    const own = placed.filter((one) => one.name === name);
    const off = own[0]?.kind === 'off' ? own[0] : null;
    const images = own.flatMap((one) => (one.kind === 'image' ? [one.image] : []));
    const versions = images.flatMap((image, index) =>
      versionsOf(context, image, {
        state: index > 0 ? 'hidden' : off === null ? 'picked' : 'off',
        isMerged,
        linked: orNone(() => linkedTo(image)),
      }),
    );
    return { name, off: off && { how: off.how, entry: off.entry }, versions };
  });
}

/** What there is of one name, in the order of the search. */
export function findByName(context: Context, name: string): Placed[] {
  return findPlaced(searchFor(context)).filter((placed) => placed.name === name);
}

/** Whether an image is merged now; `null` if the one who merged the name has not said which. */
export type MergedTester = (name: string, path: string) => boolean | null;

/** By device and inode, since a version that is rolled back from gets another name. */
export function mergedTester(context: Context): MergedTester {
  const merges = readHierarchies(context).flatMap(({ merge }) => merge ?? []);
  const records = merges.map(({ names, origin }) => ({
    names,
    sources: parseOrigin(origin ?? '')?.extensions,
  }));
  return (name, path) => {
    const concerned = records.filter(({ names }) => names.includes(name));
    if (concerned.length === 0) return false;
    const sources = concerned.flatMap(({ sources }) => sources?.get(name) ?? []);
    return sources.length === 0 ? null : sources.some((source) => isSame(source, path));
  };
}

function isSame({ device, inode }: SourceRecord, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false }) === undefined ? null : identityOf(path);
  return found !== null && found.device === device && found.inode.toString() === inode;
}

/** Directories that this user may not read hide the other versions, and not what is there without them. */
function orNone<Value>(look: () => Value): Value | null {
  try {
    return look();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return null;
  }
}

interface Surroundings {
  /** What a merge makes of the one that is picked of them. */
  readonly state: VersionState;
  readonly isMerged: MergedTester;
  /** The versions of which a symlink has picked this one. */
  readonly linked: LinkedVersions | null;
}

function versionsOf(
  { root }: Context,
  { name, path, entry, versions }: Image,
  { state, isMerged, linked }: Surroundings,
): InstalledVersion[] {
  const describe = (one: VersionedEntry, rule: Rule | null): InstalledVersion => {
    const at = join(entry, one.file);
    const resolved = findBelow(root, insideRoot(root, at)) ?? at;
    const { version, architecture, triesLeft, triesDone } = one;
    const shown = rule === null || state === 'hidden' ? state : 'not-picked';
    return {
      version,
      architecture,
      path: resolved,
      state: shown,
      rule,
      isMerged: isMerged(name, resolved),
      triesLeft,
      triesDone,
    };
  };
  if (versions === null) {
    const plain = { version: null, architecture: null, rule: null, triesLeft: null, triesDone: null };
    const others = (linked?.versions ?? []).filter((one) => one.path !== path);
    const shown = state === 'hidden' ? state : 'not-picked';
    return [
      { ...plain, version: linked?.current ?? null, path, state, isMerged: isMerged(name, path) },
      ...others.map(
        (one) => ({ ...plain, ...one, state: shown, isMerged: isMerged(name, one.path) }) as const,
      ),
    ];
  }
  return [
    ...(versions.winner === null ? [] : [describe(versions.winner, null)]),
    ...versions.losers.map(({ entry: loser, rule }) => describe(loser, rule)),
  ];
}
