import { insideRoot } from '../../host/root.js';
import type { Discovery } from '../../images/discover.js';
import { type Image, isFile } from '../../images/image.js';
import { withVersion } from '../../images/search-entry.js';
import { compareNames } from '../../images/version-order.js';
import {
  compareExtensions,
  compareHosts,
  compareModes,
  type Difference,
} from '../../lock-file/difference.js';
import { directoryDigest, fileDigest, verityDigest } from '../../lock-file/digest.js';
import { LockedError } from '../../lock-file/errors.js';
import type { Digest, Lock, LockedExtension } from '../../lock-file/lock.js';
import { UnusableImagesError } from '../../mount/examine-images.js';
import { type HeldImage, holdImage } from '../../mount/held-image.js';
import { type Choice, EVERYTHING } from '../../overlay/choice.js';
import type { HostRelease } from '../../release/host-release.js';
import type { Condition } from '../condition.js';
import { type Context, searchFor } from '../context.js';
import type { JudgedImage } from '../judge-images.js';
import type { MergeContext } from '../merge-settings.js';
import { identifyHost } from './host.js';
import { readLock } from './read-lock.js';

/** What a lock file says, and what of it is installed. */
export interface LockedSet {
  readonly path: string;
  readonly lock: Lock;
  /** In the order of the lock file. */
  readonly images: readonly Image[];
  /** A bare `refresh` keeps to the names and their order. */
  readonly choice: Choice;
}

/** @throws LockFileError */
export function findLocked(
  context: Context,
  path: string,
  from: readonly string[],
  found: Discovery,
): LockedSet {
  const lock = readLock(path, context.commandLine.extensionClass);
  const search = searchFor(context, from);
  const images = lock.extensions.flatMap(({ name, version }) => {
    const image = found.images.find((one) => one.name === name);
    return image === undefined
      ? []
      : [(version === null ? null : withVersion(search, image, version)) ?? image];
  });
  const names = lock.extensions.map(({ name }) => name);
  const isInOrder = names.every((name, index) => index === 0 || compareNames(names[index - 1]!, name) < 0);
  // Without a name everything would be meant.
  const except = names.length === 0 ? ['*'] : [];
  const choice = { ...EVERYTHING, names, except, from, order: isInOrder ? [] : names };
  return { path, lock, images, choice };
}

/** The condition that what is merged is just what a lock file says. */
export function requireLocked(context: MergeContext, host: HostRelease, locked: LockedSet): Condition {
  return new LockedCondition(context, host, locked);
}

class LockedCondition implements Condition {
  readonly #context: MergeContext;
  readonly #host: HostRelease;
  readonly #set: LockedSet;
  readonly #held = new Map<Image, HeldImage>();

  constructor(context: MergeContext, host: HostRelease, set: LockedSet) {
    this.#context = context;
    this.#host = host;
    this.#set = set;
  }

  /** What is held from before it is mounted is what is mounted, if it is unchanged in the end. */
  begin(images: readonly Image[]): void {
    for (const image of images) if (isFile(image)) this.#held.set(image, holdImage(image.path));
  }

  check(judged: readonly JudgedImage[]): void {
    const { lock, path } = this.#set;
    const { mutable, commandLine } = this.#context;
    const differences: Difference[] = [
      ...compareHosts(lock.host, identifyHost(this.#host, commandLine.extensionClass)),
      ...compareModes(lock.mutable, mutable),
      ...lock.extensions.flatMap((wanted) => this.#compare(wanted, judged)),
    ];
    if (differences.length > 0) throw new LockedError(path, differences);
  }

  end(): void {
    for (const held of this.#held.values()) held.close();
    this.#held.clear();
  }

  #compare(wanted: LockedExtension, judged: readonly JudgedImage[]): Difference[] {
    const { name, path } = wanted;
    const found = judged.find(({ opened }) => opened.name === name);
    if (found === undefined) return [{ kind: 'missing', name, path }];
    const { image, record } = found.opened;
    const differences = compareExtensions(wanted, {
      name,
      version: image.versions?.winner?.version ?? null,
      path: insideRoot(this.#context.root, image.path),
      digest: this.#digest(found),
      protection: record?.protection ?? null,
    });
    const fits = found.judgement.verdict.kind === 'accepted';
    return fits ? differences : [...differences, { kind: 'unfit', name }];
  }

  /** @throws UnusableImagesError for an image that was changed meanwhile; what the digests throw */
  #digest({ opened: { image, record } }: JudgedImage): Digest {
    const held = this.#held.get(image);
    if (record === null || held === undefined) return directoryDigest(image.path);
    const digest = verityDigest(record) ?? fileDigest(held.reader);
    if (!held.isUnchanged()) throw new UnusableImagesError([{ image, problem: { kind: 'changed' } }]);
    return digest;
  }
}
