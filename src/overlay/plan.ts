import type { ExtensionClass } from '../extension-class.js';
import {
  type Exchange,
  NOTHING_COVERED,
  planExchange,
  planReach,
  type Reached,
  withOwnPaths,
} from './exchange.js';
import { BACKING_FILE, type Hierarchy, ORIGIN_FILE } from './metadata.js';
import type { Writing } from './mutable.js';
import type { Layer } from './stack.js';
import type { Cleanup, Plan, Step } from './step.js';
import type { Submount } from './submounts.js';
import { formatWorkDirectory, WORK_FILE } from './work-directory.js';

/** A hierarchy that shall be merged, with the layers it gets. */
export interface Target {
  readonly hierarchy: string;
  /** Where it is, or will be made. */
  readonly path: string;
  readonly exists: boolean;
  /** Directories above it, and above a write directory that will be made, that have to be made first; outermost first. */
  readonly missingParents: readonly string[];
  /** Whether something is merged there now, and will be detached first. */
  readonly isMerged: boolean;
  readonly extensions: readonly Layer[];
  readonly writing: Writing;
  readonly submounts: readonly Submount[];
}

/** A hierarchy that is merged now, with the mounts below it. */
export interface Detached {
  readonly hierarchy: Hierarchy;
  readonly submounts: readonly Submount[];
  /** Whether it is merged over a mount of its own. */
  readonly isMount: boolean;
  /** Whether it is merged over another merge: other programs may do that. */
  readonly isStacked: boolean;
  /** Work directory of the overlay, to be removed in the end. */
  readonly work: string | null;
}

/** Where in the workspace things are built. */
export interface BuildPlaces {
  metadata(hierarchy: string): string;
  overlay(hierarchy: string): string;
  links(hierarchy: string): string;
  old(hierarchy: string): string;
  host(number: number): string;
  ephemeral(hierarchy: string): string;
}

export interface PlanInput {
  readonly root: string;
  readonly extensionClass: ExtensionClass;
  /** Without those that say whether the overlay is writable. */
  readonly flags: readonly string[];
  readonly mountOptions: string | null;
  /** Merged extensions, lowest layer first. */
  readonly names: readonly string[];
  readonly origin: string;
  readonly places: BuildPlaces;
  readonly exchange: Exchange;
}

/** Where a detached merge is kept: the topmost one, if there was more than one. */
function keptTop(places: Pick<BuildPlaces, 'old'>, hierarchy: string): string {
  return `${places.old(hierarchy)}/0`;
}

/**
 * What shall be merged takes the place of what is merged. All overlays are built first and shown last, so that nothing is
 * visible of a merge that fails half way.
 *
 * @param detached all hierarchies that are merged now
 * @param targets all that shall be merged
 */
export function makePlan(detached: readonly Detached[], targets: readonly Target[], input: PlanInput): Plan {
  const { places, exchange } = input;
  const leaving = detached.filter(
    ({ hierarchy }) => !targets.some((target) => target.hierarchy === hierarchy.name),
  );
  const comesOffFirst = exchange === 'detach';
  const reached = comesOffFirst ? NOTHING_COVERED : planReach(detached, places);
  const exchanged = comesOffFirst ? [] : targets.filter(({ isMerged }) => isMerged);
  const placed = targets.filter((target) => !exchanged.includes(target));
  const placeOf = (target: Target) => ({
    from: places.overlay(target.hierarchy),
    ...visible(target, input),
  });
  return {
    steps: [
      ...(comesOffFirst ? planDetach(detached, places) : reached.steps),
      ...targets.flatMap((target) => planBuild(target, reached, input)),
      ...planExchange(exchanged, exchange, (target) => ({
        ...placeOf(target),
        keep: keptTop(places, target.hierarchy),
      })),
      ...placed.map((target): Step => ({ kind: 'place', ...placeOf(target) })),
      ...(comesOffFirst ? [] : planDetach(leaving, places)),
      ...leaving.flatMap((merge) => planHandBack(merge, places)),
      ...targets.map(
        (target): Step => ({ kind: 'verify', submounts: target.submounts, ...visible(target, input) }),
      ),
    ],
    cleanup: [
      ...planRemoval(detached),
      ...targets.flatMap(({ isMerged, path, submounts }) =>
        isMerged ? [] : submounts.flatMap((submount) => planUncover(path, submount)),
      ),
    ],
  };
}

/** What is merged comes off, and nothing takes its place. */
export function planUnmerge(detached: readonly Detached[], places: Pick<BuildPlaces, 'old'>): Plan {
  return {
    steps: [...planDetach(detached, places), ...detached.flatMap((merge) => planHandBack(merge, places))],
    cleanup: planRemoval(detached),
  };
}

function planDetach(detached: readonly Detached[], places: Pick<BuildPlaces, 'old'>): Step[] {
  return detached.map(({ hierarchy: { name, path } }) => ({
    kind: 'detach',
    hierarchy: name,
    path,
    keep: places.old(name),
  }));
}

function planRemoval(detached: readonly Detached[]): Cleanup[] {
  return detached.flatMap(({ work }) =>
    work === null ? [] : [{ kind: 'remove-work-directory', path: work }],
  );
}

/** Of a stack of mounts only the top one is carried; the whole stack then stays where it is, covered. */
function planUncover(path: string, { relative, isStacked }: Submount): Cleanup[] {
  return isStacked ? [] : [{ kind: 'unmount-covered', path: `${path}/${relative}` }];
}

/** Mounts that were made below the hierarchy while it was merged go to the host's directory. */
function planHandBack({ hierarchy, submounts }: Detached, places: Pick<BuildPlaces, 'old'>): Step[] {
  const from = keptTop(places, hierarchy.name);
  return submounts.map((submount) => ({
    kind: 'carry',
    from: `${from}/${submount.relative}`,
    to: `${hierarchy.path}/${submount.relative}`,
    submount,
    toHost: true,
  }));
}

function visible({ hierarchy, path }: Target, { places, extensionClass }: PlanInput) {
  return { hierarchy, path, metadata: `${places.metadata(hierarchy)}/${extensionClass.metadataDirectory}` };
}

function planBuild(found: Target, reached: Reached, input: PlanInput): Step[] {
  const { extensionClass, places, exchange } = input;
  const target = withOwnPaths(found, reached);
  const { hierarchy, path, writing, submounts } = target;
  const host = reached.own(path);
  const metadata = places.metadata(hierarchy);
  const overlay = places.overlay(hierarchy);
  const from = target.isMerged && exchange === 'detach' ? keptTop(places, hierarchy) : path;
  // What nobody writes to is read-only; what is written to does not need the time of each look.
  // Who sets options of their own gets just these, and an empty one is one, too.
  const ofWritable = input.mountOptions === null ? ['noatime'] : [];
  const flags = [...(writing.upper === null ? ['ro'] : ofWritable), ...input.flags];
  return [
    // A step each, so that a failure takes each of them back.
    ...[...target.missingParents, ...(target.exists ? [] : [path])].map(
      (missing) => ({ kind: 'make-directory', path: missing }) as const,
    ),
    ...(writing.upper?.kind === 'new'
      ? [{ kind: 'make-write-directory', path: writing.upper.path, like: host } as const]
      : []),
    ...(writing.upper === null || writing.otherMode === undefined
      ? []
      : [
          {
            kind: 'change-mode',
            path: writing.upper.path,
            from: writing.otherMode.found,
            to: writing.otherMode.wanted,
          } as const,
        ]),
    {
      kind: 'write-metadata',
      directory: metadata,
      like: host,
      // What was merged is found by what these say: not by a path in the workspace.
      files: metadataFiles(found, input),
      backingFile:
        writing.upper?.kind === 'host' ? null : `${extensionClass.metadataDirectory}/${BACKING_FILE}`,
    },
    {
      kind: 'mount-overlay',
      hierarchy,
      at: overlay,
      links: places.links(hierarchy),
      metadata,
      imported: writing.imported,
      extensions: target.extensions,
      host,
      upper: writing.upper,
      source: extensionClass.name,
      flags,
      options: input.mountOptions,
      mountPoints: submounts.map(({ relative, isDirectory }) => ({ relative, isDirectory })),
    },
    ...(writing.upper === null
      ? []
      : [{ kind: 'protect', path: `${overlay}/${extensionClass.metadataDirectory}`, flags } as const]),
    ...submounts.map((submount) => {
      return {
        kind: 'carry',
        from: `${from}/${submount.relative}`,
        to: `${overlay}/${submount.relative}`,
        submount,
        toHost: false,
      } as const;
    }),
  ];
}

function metadataFiles(
  { writing }: Target,
  { root, extensionClass, names, origin }: PlanInput,
): Record<string, string> {
  const directory = extensionClass.metadataDirectory;
  const { upper } = writing;
  return {
    [`${directory}/${extensionClass.namesFile}`]: names.map((name) => `${name}\n`).join(''),
    [`${directory}/${ORIGIN_FILE}`]: origin,
    // What is in the workspace goes away with it.
    ...(upper === null || upper.kind === 'ephemeral'
      ? {}
      : { [`${directory}/${WORK_FILE}`]: formatWorkDirectory(root, upper.work) }),
  };
}
