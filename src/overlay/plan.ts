import type { ExtensionClass } from '../extension-class.js';
import { BACKING_FILE, type Hierarchy, ORIGIN_FILE } from './metadata.js';
import type { Upper, Writing } from './mutable.js';
import type { Layer } from './stack.js';
import type { Submount } from './submounts.js';
import { formatWorkDirectory, WORK_FILE } from './work-directory.js';

/**
 * The plan is data: what leads from what is mounted to what should be. It is carried out, undone, printed and
 * repaired after a crash from the same list (src/mount/execute.ts, src/mount/undo.ts).
 */
export type Step =
  | { readonly kind: 'make-directory'; readonly path: string }
  | {
      /** Make the directory that gets what is written, with the host directory's mode and owner. */
      readonly kind: 'make-write-directory';
      readonly path: string;
      readonly like: string;
    }
  | {
      /** Take what is merged off the hierarchy, but keep it at `keep` so that it can be put back. */
      readonly kind: 'detach';
      readonly hierarchy: string;
      readonly path: string;
      readonly keep: string;
    }
  | {
      /** Write the top layer. It has the host directory's mode and owner, for the merged root shows those of its top layer. */
      readonly kind: 'write-metadata';
      readonly directory: string;
      readonly like: string;
      readonly files: Readonly<Record<string, string>>;
      /** File that gets the number of the disk below `like`, if there is one. */
      readonly backingFile: string;
    }
  | {
      /** Build the overlay aside, and write its device number into the top layer. */
      readonly kind: 'mount-overlay';
      readonly hierarchy: string;
      readonly at: string;
      readonly links: string;
      readonly metadata: string;
      /** The write directory where it is only imported. */
      readonly imported: string | null;
      readonly extensions: readonly Layer[];
      /** The host's own directory: the lowest layer, unless it is empty, or the upper directory. */
      readonly host: string;
      readonly upper: Upper | null;
      readonly source: string;
      readonly flags: readonly string[];
      readonly options: string | null;
      /** Mount points that the merged tree must have, relative to its root. */
      readonly mountPoints: readonly Pick<Submount, 'relative' | 'isDirectory'>[];
    }
  | {
      /** Make the metadata of a writable merge read-only. */ readonly kind: 'protect';
      readonly path: string;
      readonly flags: readonly string[];
    }
  | {
      /** Show a mount that is below the hierarchy also in the new tree: in the overlay, or on the host after unmerge. */
      readonly kind: 'carry';
      readonly from: string;
      readonly to: string;
      readonly submount: Submount;
      /** `to` is on the host, where the mount may still be, or not even its mount point. */
      readonly toHost: boolean;
    }
  | {
      /** Show the finished overlay at the hierarchy, in one instant. */
      readonly kind: 'place';
      readonly hierarchy: string;
      readonly from: string;
      readonly path: string;
      readonly metadata: string;
    }
  | {
      readonly kind: 'verify';
      readonly hierarchy: string;
      readonly path: string;
      readonly metadata: string;
      readonly submounts: readonly Submount[];
    };

/** What is done when the plan has succeeded; if a call is killed before, the next one does it. */
export type Cleanup =
  | { readonly kind: 'remove-work-directory'; readonly path: string }
  | {
      /** The mount below the hierarchy that the merge now covers: only its copy in the merged tree is wanted. */
      readonly kind: 'unmount-covered';
      readonly path: string;
    };

/** A hierarchy that shall be merged, with the layers it gets. */
export interface Target {
  readonly hierarchy: string;
  /** Where it is, or will be made. */
  readonly path: string;
  readonly exists: boolean;
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
  /** Work directory of the overlay, to be removed in the end. */
  readonly work: string | null;
}

/** Where in the workspace things are built. */
export interface BuildPlaces {
  metadata(hierarchy: string): string;
  overlay(hierarchy: string): string;
  links(hierarchy: string): string;
  old(hierarchy: string): string;
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
}

export interface Plan {
  readonly steps: readonly Step[];
  readonly cleanup: readonly Cleanup[];
}

/** Where a detached merge is kept: the topmost one, if there was more than one. */
function keptTop(places: Pick<BuildPlaces, 'old'>, hierarchy: string): string {
  return `${places.old(hierarchy)}/0`;
}

/**
 * What is merged comes off, what shall be merged takes its place. All overlays are built first and shown last, so that
 * nothing is visible of a merge that fails half way.
 *
 * @param detached all hierarchies that are merged now
 * @param targets all that shall be merged
 */
export function makePlan(detached: readonly Detached[], targets: readonly Target[], input: PlanInput): Plan {
  const { places } = input;
  const isTarget = ({ hierarchy }: Detached) => targets.some((target) => target.hierarchy === hierarchy.name);
  return {
    steps: [
      ...planDetach(detached, places),
      ...targets.flatMap((target) => planBuild(target, input)),
      ...targets.map(
        (target): Step => ({
          kind: 'place',
          from: places.overlay(target.hierarchy),
          ...visible(target, input),
        }),
      ),
      ...detached.filter((merge) => !isTarget(merge)).flatMap((merge) => planHandBack(merge, places)),
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

function planBuild(target: Target, input: PlanInput): Step[] {
  const { extensionClass, places } = input;
  const { hierarchy, path, writing, submounts } = target;
  const metadata = places.metadata(hierarchy);
  const overlay = places.overlay(hierarchy);
  const from = target.isMerged ? keptTop(places, hierarchy) : path;
  // What nobody writes to is read-only; what is written to does not need the time of each look.
  const flags = [writing.upper === null ? 'ro' : 'noatime', ...input.flags];
  return [
    ...(target.exists ? [] : [{ kind: 'make-directory', path } as const]),
    ...(writing.upper?.kind === 'new'
      ? [{ kind: 'make-write-directory', path: writing.upper.path, like: path } as const]
      : []),
    {
      kind: 'write-metadata',
      directory: metadata,
      like: path,
      files: metadataFiles(target, input),
      backingFile: `${extensionClass.metadataDirectory}/${BACKING_FILE}`,
    },
    {
      kind: 'mount-overlay',
      hierarchy,
      at: overlay,
      links: places.links(hierarchy),
      metadata,
      imported: writing.imported,
      extensions: target.extensions,
      host: path,
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
