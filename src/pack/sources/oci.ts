import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { nativeArchitecture } from '../../host/architecture.js';
import { PackError } from '../problem.js';
import type { List } from './tar.js';
import { openTarTarget } from './tar-target.js';

/** No index or manifest is near this size. */
const LONGEST_JSON = 4 * 1024 * 1024;

/** GOARCH, by the names of `ConditionArchitecture=`, where the two differ. */
const GO_NAMES: Readonly<Record<string, string>> = {
  'x86-64': 'amd64',
  x86: '386',
  'ppc64-le': 'ppc64le',
  'mips64-le': 'mips64le',
  loongarch64: 'loong64',
};

interface Descriptor {
  readonly digest: string;
  readonly mediaType?: string;
  readonly platform?: { readonly architecture?: string; readonly os?: string };
}

/**
 * The layers of an image in an archive of the OCI Image Layout, lowest first, each unpacked into a file of its own.
 *
 * @param file a tar archive, not compressed
 * @param archive how the user calls it
 * @returns `null` if it is no such archive
 * @throws PackError, the errors of Node's file functions
 */
export async function layersOf(file: string, archive: string, scratch: string): Promise<string[] | null> {
  const { list } = await import('tar');
  return layersBy(list, file, archive, scratch);
}

/** The same, where what lists archives is loaded. */
export function layersBy(list: List, file: string, archive: string, scratch: string): string[] | null {
  const directory = join(scratch, 'oci');
  if (!unpackLayout(list, file, directory)) return null;
  const index = readJson(join(directory, 'index.json'), archive);
  const manifest = chooseManifest(index, directory, archive);
  return listOf(manifest, 'layers', archive).map((layer) => blobAt(directory, layer, archive));
}

/** Only what such a layout has: everything else is passed over. */
function unpackLayout(list: List, file: string, directory: string): boolean {
  let isLayout = false;
  const target = openTarTarget(directory);
  try {
    list({
      file,
      sync: true,
      onReadEntry(entry) {
        const place = entry.path.replace(/^(\.\/)+/, '');
        if (place === 'oci-layout') isLayout = true;
        if (entry.type === 'File' && /^(oci-layout|index\.json|blobs\/[a-z0-9]+\/[0-9a-f]+)$/.test(place)) {
          mkdirSync(directory, { recursive: true });
          const written = target.makeFile(place, 0o600, new Date(0));
          entry.on('data', (bytes) => written.write(bytes));
          entry.on('end', () => written.close());
        }
        entry.resume();
      },
    });
  } catch {
    // What is wrong with it is told when it is read as the archive that it is.
    return false;
  } finally {
    target.close();
  }
  return isLayout;
}

function chooseManifest(index: unknown, directory: string, archive: string): unknown {
  const wanted = GO_NAMES[nativeArchitecture()] ?? nativeArchitecture();
  const all = listOf(index, 'manifests', archive);
  const fitting = all.filter(
    ({ platform }) => platform?.architecture === undefined || platform.architecture === wanted,
  );
  const [chosen] = fitting.filter(({ platform }) => platform?.os !== 'unknown');
  if (chosen === undefined)
    throw new PackError({ kind: 'no-image-in-archive', archive, architecture: wanted });
  const found = readJson(blobAt(directory, chosen, archive), archive);
  // An index may lead to another one, for each architecture.
  return typeof found === 'object' && found !== null && 'manifests' in found
    ? readJson(blobAt(directory, pick(found, wanted, archive), archive), archive)
    : found;
}

function pick(index: unknown, wanted: string, archive: string): Descriptor {
  const found = listOf(index, 'manifests', archive).find(({ platform }) => platform?.architecture === wanted);
  if (found === undefined)
    throw new PackError({ kind: 'no-image-in-archive', archive, architecture: wanted });
  return found;
}

function listOf(value: unknown, name: string, archive: string): Descriptor[] {
  const list = (value as Record<string, unknown> | null)?.[name];
  const isList = Array.isArray(list) && list.every((one) => typeof one === 'object' && one !== null);
  return isList ? (list as Descriptor[]) : damaged(archive, `there is no list of ${name}`);
}

/** The file that a descriptor names; its name is its digest, which must be right. */
function blobAt(directory: string, descriptor: Descriptor, archive: string): string {
  const [, algorithm, digits] = /^(sha256|sha512):([0-9a-f]+)$/.exec(String(descriptor?.digest)) ?? [];
  if (algorithm === undefined || digits === undefined)
    return damaged(archive, 'a digest cannot be understood');
  const path = join(directory, 'blobs', algorithm, digits);
  if (statSync(path, { throwIfNoEntry: false }) === undefined)
    return damaged(archive, `there is no blob ${algorithm}:${digits}`);
  return path;
}

/** @throws PackError for a blob that is not what its name says */
export async function checkBlob(path: string, archive: string): Promise<void> {
  const [, algorithm = '', digits = ''] = /([a-z0-9]+)\/([0-9a-f]+)$/.exec(path) ?? [];
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== digits) damaged(archive, `the blob ${algorithm}:${digits} has another content`);
}

function readJson(path: string, archive: string): unknown {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? LONGEST_JSON) >= LONGEST_JSON)
    return damaged(archive, 'its index or manifest is missing or too large');
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return damaged(archive, 'its index or manifest is no JSON');
  }
}

function damaged(archive: string, said: string): never {
  throw new PackError({ kind: 'archive-damaged', archive, said });
}
