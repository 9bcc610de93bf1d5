import { downloadSmall } from '../install/download.js';
import { parseAddress, withoutPassword } from '../install/request.js';
import type { Stock } from './decide.js';
import { listInstances, onePerVersion, pickInstances } from './instances.js';
import { type Listed, type ManifestProblem, parseManifest } from './manifest.js';
import { type ManifestSignature, verifyManifest } from './signature.js';
import { listTarget, readSourceName } from './target-names.js';
import type { Transfer } from './transfer.js';

/** In bytes. A manifest of 100,000 files is smaller. */
const MANIFEST_LIMIT = 16 * 1024 * 1024;
const SIGNATURE_LIMIT = 1024 * 1024;

/** A server's list of files cannot be used. */
export class ManifestError extends Error {
  constructor(
    readonly url: string,
    readonly problem:
      | ManifestProblem
      | Exclude<ManifestSignature, { kind: 'good' }>
      | { readonly kind: 'missing' | 'not-signed' },
  ) {
    super(`${url}: ${problem.kind}`);
  }
}

/** Reads the manifests of servers, each of them once. */
export class Manifests {
  readonly #read = new Map<string, Promise<readonly Listed[]>>();

  /** @param root absolute path, free of symlinks, with the keyrings */
  constructor(
    readonly root: string,
    readonly now: Date,
  ) {}

  /** @throws ManifestError, DownloadError */
  list(base: string, verify: boolean): Promise<readonly Listed[]> {
    const key = `${verify} ${base}`;
    const list = this.#read.get(key) ?? this.#fetch(base, verify);
    this.#read.set(key, list);
    return list;
  }

  async #fetch(base: string, verify: boolean): Promise<readonly Listed[]> {
    const address = addressOf(base, 'SHA256SUMS');
    const url = withoutPassword(address);
    const manifest = await downloadSmall(address, MANIFEST_LIMIT);
    if (manifest === null) throw new ManifestError(url, { kind: 'missing' });
    if (verify) {
      const ofSignature = addressOf(base, 'SHA256SUMS.gpg');
      const signature = await downloadSmall(ofSignature, SIGNATURE_LIMIT);
      const outcome =
        signature === null ? { kind: 'not-signed' as const } : verifyManifest(manifest, signature, this.root);
      if (outcome.kind !== 'good') throw new ManifestError(url, outcome);
    }
    const listed = parseManifest(manifest.toString('utf8'), this.now.toISOString().slice(0, 10));
    if ('kind' in listed) throw new ManifestError(url, listed);
    return listed;
  }
}

/** The address of a file that a manifest names. */
export function addressOf(base: string, path: string): URL {
  const address = parseAddress(base);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
  return address;
}

/**
 * Looks what there is of a resource.
 *
 * @param verify `null`: as the transfer file says
 * @throws ManifestError, DownloadError, the errors of listInstances() and listTarget()
 */
export async function takeStock(
  transfer: Transfer,
  manifests: Manifests,
  verify: boolean | null,
): Promise<Stock> {
  const { source, target } = transfer;
  const read = (path: string) => readSourceName(transfer, path);
  const available =
    source.type === 'regular-file'
      ? listInstances(manifests.root, source.path, source.patterns, read).instances
      : pickInstances(await manifests.list(source.path, verify ?? transfer.verify), read);
  return {
    transfer,
    available: onePerVersion(available),
    installed: listTarget(manifests.root, target),
  };
}
