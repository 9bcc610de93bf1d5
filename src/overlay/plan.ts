import type { ExtensionClass } from '../extension-class.js';
import { BACKING_FILE, type Hierarchy, ORIGIN_FILE } from './metadata.js';
import type { Layer } from './stack.js';

/**
 * The plan is data: what leads from what is mounted to what should be. It is carried out, undone, printed and
 * repaired after a crash from the same list (src/mount/execute.ts, src/mount/undo.ts).
 */
export type Step =
  | { readonly kind: 'make-directory'; readonly path: string }
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
      readonly extensions: readonly Layer[];
      /** The host's own directory; left out where it is empty. */
      readonly host: string;
      readonly source: string;
      readonly flags: readonly string[];
      readonly options: string | null;
    }
  | {
      /** Show the finished overlay at the hierarchy, in one instant. */
      readonly kind: 'place';
      readonly hierarchy: string;
      readonly from: string;
      readonly path: string;
      readonly metadata: string;
    }
  | { readonly kind: 'verify'; readonly hierarchy: string; readonly path: string; readonly metadata: string };

/** A hierarchy that shall be merged, with the layers it gets. */
export interface Target {
  readonly hierarchy: string;
  /** Where it is, or will be made. */
  readonly path: string;
  readonly exists: boolean;
  readonly extensions: readonly Layer[];
}

/** Where in the workspace things are built. */
export interface BuildPlaces {
  metadata(hierarchy: string): string;
  overlay(hierarchy: string): string;
  links(hierarchy: string): string;
  old(hierarchy: string): string;
}

export interface PlanInput {
  readonly extensionClass: ExtensionClass;
  readonly flags: readonly string[];
  readonly mountOptions: string | null;
  /** Merged extensions, lowest layer first. */
  readonly names: readonly string[];
  readonly origin: string;
  readonly places: BuildPlaces;
}

/** Hierarchies that are merged now: taken off before anything is built on the host's directories again. */
export function planDetach(merged: readonly Hierarchy[], places: Pick<BuildPlaces, 'old'>): Step[] {
  return merged.map(({ name, path }) => ({ kind: 'detach', hierarchy: name, path, keep: places.old(name) }));
}

/** All overlays are built first and shown last, so that nothing is visible of a merge that fails half way. */
export function planMerge(targets: readonly Target[], input: PlanInput): Step[] {
  return [
    ...targets.flatMap((target) => planBuild(target, input)),
    ...targets.map(
      (target): Step => ({
        kind: 'place',
        from: input.places.overlay(target.hierarchy),
        ...visible(target, input),
      }),
    ),
    ...targets.map((target): Step => ({ kind: 'verify', ...visible(target, input) })),
  ];
}

function visible({ hierarchy, path }: Target, { places, extensionClass }: PlanInput) {
  return { hierarchy, path, metadata: `${places.metadata(hierarchy)}/${extensionClass.metadataDirectory}` };
}

function planBuild(target: Target, input: PlanInput): Step[] {
  const { extensionClass, places } = input;
  const metadata = places.metadata(target.hierarchy);
  const directory = extensionClass.metadataDirectory;
  return [
    ...(target.exists ? [] : [{ kind: 'make-directory', path: target.path } as const]),
    {
      kind: 'write-metadata',
      directory: metadata,
      like: target.path,
      files: {
        [`${directory}/${extensionClass.namesFile}`]: input.names.map((name) => `${name}\n`).join(''),
        [`${directory}/${ORIGIN_FILE}`]: input.origin,
      },
      backingFile: `${directory}/${BACKING_FILE}`,
    },
    {
      kind: 'mount-overlay',
      hierarchy: target.hierarchy,
      at: places.overlay(target.hierarchy),
      links: places.links(target.hierarchy),
      metadata,
      extensions: target.extensions,
      host: target.path,
      source: extensionClass.name,
      flags: input.flags,
      options: input.mountOptions,
    },
  ];
}
