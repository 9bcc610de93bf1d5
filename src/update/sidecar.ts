import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ExtensionClass } from '../extension-class.js';
import { readTextFile, TEXT_FILE_LIMIT } from '../host/files.js';
import { findBelow } from '../host/root.js';
import { compareVersions } from '../images/version-order.js';
import { downloadSmall } from '../install/download.js';
import type { HostRelease } from '../release/host-release.js';
import { type Mismatch, matchRelease } from '../release/matching.js';
import { parseRelease } from '../release/os-release.js';
import type { Stock } from './decide.js';
import type { Instance } from './instances.js';
import { addressOf, type Manifests } from './stock.js';
import type { Transfer } from './transfer.js';

/** A version that would be newer, and is not made for this host. */
export interface Unfit {
  readonly transfer: Transfer;
  readonly version: string;
  readonly mismatch: Mismatch;
}

/** Whom the versions are for. */
export interface FitSettings {
  readonly host: HostRelease;
  readonly extensionClass: ExtensionClass;
}

/** `foo_2.raw.xz` has its release file beside it in `foo_2.raw.extension-release`. */
function sidecarOf(path: string): string {
  return `${path.replace(/\.(gz|xz|zst|bz2)$/, '')}.extension-release`;
}

/**
 * Leaves out versions that say beforehand that they do not fit this host, from the newest one on, up to the first that fits or
 * says nothing. What is in the image itself counts in the end.
 *
 * @throws the errors of Manifests.list() and of reading a file
 */
export async function leaveOutUnfit(
  stock: Stock,
  manifests: Manifests,
  verify: boolean | null,
  { host, extensionClass }: FitSettings,
): Promise<{ stock: Stock; unfit: Unfit[] }> {
  const { transfer, available, installed } = stock;
  const newest = installed.instances[0]?.fields.version;
  const unfit: Unfit[] = [];
  for (const instance of available) {
    const { version } = instance.fields;
    if (newest !== undefined && compareVersions(version, newest) <= 0) break;
    const text = await readSidecar(transfer, instance, manifests, verify);
    if (text === null) break;
    const verdict = matchRelease(parseRelease(text).fields, host, extensionClass);
    if (verdict.kind === 'accepted') break;
    unfit.push({ transfer, version, mismatch: verdict });
  }
  return { stock: { ...stock, available: available.slice(unfit.length) }, unfit };
}

async function readSidecar(
  { source, verify: isVerified }: Transfer,
  instance: Instance,
  manifests: Manifests,
  verify: boolean | null,
): Promise<string | null> {
  const path = sidecarOf(instance.path);
  if (source.type === 'regular-file') {
    const file = findBelow(manifests.root, join(source.path, path));
    return file === null ? null : readTextFile(file);
  }
  const listed = (await manifests.list(source.path, verify ?? isVerified)).find((file) => file.path === path);
  if (listed === undefined) return null;
  const content = await downloadSmall(addressOf(source.path, path), TEXT_FILE_LIMIT);
  const isAsListed = content !== null && createHash('sha256').update(content).digest('hex') === listed.sha256;
  // It only saves a download. If it cannot be relied on, the image itself tells.
  return isAsListed ? content.toString('utf8') : null;
}
