import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { NotRegularFileError } from '../host/files.js';
import { findBelow, resolveNewBelow } from '../host/root.js';
import { resumeDownload } from '../install/resume.js';
import { compressionOf, decompress, limited } from './compression.js';
import type { Delivery } from './decide.js';
import { type Instance, PARTIAL_PREFIX } from './instances.js';
import { addressOf } from './stock.js';
import type { Transfer } from './transfer.js';

/** A file that came is not what was announced. It was removed. */
export class NotAsAnnouncedError extends Error {
  constructor(
    readonly path: string,
    readonly what: 'checksum' | 'size',
    readonly wanted: string,
    readonly found: string,
  ) {
    super(`${path}: ${what}`);
  }
}

export interface AcquireSettings {
  /** Absolute path, free of symlinks. */
  readonly root: string;
  /** Of a file as it comes, and as it is unpacked, in bytes. */
  readonly limit: number;
  readonly onProgress?: (received: number, total: number | null) => void;
}

/** A new file that is complete, under a name that nothing takes for an image. */
export interface Acquired {
  readonly temporary: string;
  readonly path: string;
}

/** What a new file may be read and written by, if nothing is said. */
const MODE = 0o644;
const WRITABLE = 0o222;

/**
 * Fetches and unpacks the file of a delivery beside the place where it is to be, and compares it with what was announced of it.
 * A download that breaks off stays for the next attempt.
 *
 * @param source where it comes from
 * @throws NotAsAnnouncedError, DownloadError, DamagedError, TooLargeError, CommandMissingError, NotRegularFileError, the errors
 *   of Node's file functions
 */
export async function acquire(
  delivery: Delivery,
  source: Instance,
  settings: AcquireSettings,
): Promise<Acquired> {
  const { transfer, path } = delivery;
  const place = resolveNewBelow(settings.root, join(transfer.target.path, dirname(path)));
  mkdirSync(place, { recursive: true, mode: 0o755 });
  const temporary = join(place, PARTIAL_PREFIX + basename(path));
  rmSync(temporary, { force: true });
  try {
    const packed = downloadName(delivery);
    if (packed === null) await fromDirectory(transfer, source, temporary, settings);
    else await fromServer(transfer, source, { packed: join(place, basename(packed)), temporary }, settings);
    finish(transfer, source, temporary);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return { temporary, path: join(place, basename(path)) };
}

/** What a download is called, relative to the directory of the target: by its checksum, so what is in it is of no other file. */
export function downloadName({ transfer, source, path }: Delivery): string | null {
  return source === null || source.sha256 === null || transfer.source.type !== 'url-file'
    ? null
    : join(dirname(path), `${PARTIAL_PREFIX}${basename(path)}.${source.sha256.slice(0, 16)}`);
}

async function fromServer(
  transfer: Transfer,
  source: Instance,
  { packed, temporary }: { packed: string; temporary: string },
  { limit, onProgress }: AcquireSettings,
): Promise<void> {
  const descriptor = openSync(packed, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    const address = addressOf(transfer.source.path, source.path);
    const { sha256 } = await resumeDownload(address, packed, descriptor, {
      limit,
      sha256: source.sha256,
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    if (sha256 !== source.sha256) {
      rmSync(packed);
      throw new NotAsAnnouncedError(source.path, 'checksum', source.sha256!, sha256);
    }
    const compression = compressionOf(descriptor);
    if (compression === null) return renameSync(packed, temporary);
    closeSync(openSync(temporary, 'wx', 0o600));
    await decompress(compression, descriptor, temporary, limit);
    rmSync(packed);
  } finally {
    closeSync(descriptor);
  }
}

async function fromDirectory(
  transfer: Transfer,
  source: Instance,
  temporary: string,
  { root, limit }: AcquireSettings,
): Promise<void> {
  const path = join(transfer.source.path, source.path);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const descriptor = openSync(findBelow(root, path) ?? join(root, path), flags);
  try {
    if (!fstatSync(descriptor).isFile()) throw new NotRegularFileError(path);
    closeSync(openSync(temporary, 'wx', 0o600));
    const compression = compressionOf(descriptor);
    if (compression !== null) await decompress(compression, descriptor, temporary, limit);
    else
      await pipeline(
        createReadStream('', { fd: descriptor, autoClose: false, start: 0 }),
        limited(limit),
        createWriteStream(temporary, { flags: 'r+' }),
      );
    if (source.sha256 === null) return;
    const hash = createHash('sha256');
    for await (const piece of createReadStream('', { fd: descriptor, autoClose: false, start: 0 }))
      hash.update(piece as Buffer);
    const found = hash.digest('hex');
    if (found !== source.sha256) throw new NotAsAnnouncedError(source.path, 'checksum', source.sha256, found);
  } finally {
    closeSync(descriptor);
  }
}

/** What the name of the source says of the file; settings go before it. */
function finish(transfer: Transfer, { path, fields }: Instance, temporary: string): void {
  const { target } = transfer;
  const { size } = statSync(temporary);
  if (fields.size !== undefined && Number(fields.size) !== size)
    throw new NotAsAnnouncedError(path, 'size', fields.size, String(size));
  const named = fields.mode === undefined ? null : Number.parseInt(fields.mode, 8) & 0o7777;
  const mode = target.mode ?? named ?? MODE;
  const isReadOnly = target.readOnly ?? fields.readOnly === '1';
  chmodSync(temporary, isReadOnly ? mode & ~WRITABLE : mode);
  if (fields.modified === undefined) return;
  const seconds = Number(fields.modified) / 1e6;
  utimesSync(temporary, seconds, seconds);
}
