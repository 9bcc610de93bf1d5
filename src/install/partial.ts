import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../host/root.js';
import type { FileMark } from './file-mark.js';
import { withoutPassword } from './request.js';
import { findStages, removeStage } from './stage.js';

/** In the directory of a call that downloads: what came, and what it is the beginning of. */
const CONTENT = '.part';
const RECORD = '.part.json';

/** So long a download that broke off is kept, in milliseconds; nobody may ever come back for it. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;

/** What is known of a download that an earlier call has begun. */
export interface Begun {
  /** Of what is downloaded: {@link keyOfDownload}. */
  readonly key: string;
  readonly mark: FileMark | null;
  /** After a crash of the machine not all that was written has to be there. */
  readonly boot: string | null;
}

/** Where a download goes until it is complete. @param stage the directory of this call */
export function partialFile(stage: string): string {
  return join(stage, CONTENT);
}

/** The same for each call that wants the same file: by its checksum if that is known, else by its address, without a password. */
export function keyOfDownload(url: URL, sha256: string | null): string {
  return sha256 ?? createHash('sha256').update(withoutPassword(url)).digest('hex');
}

/** Notes what is being downloaded, so that another call can go on with it if this one ends before. @param begun `null`: none can */
export function recordPartial(stage: string, begun: Omit<Begun, 'boot'> | null): void {
  const path = join(stage, RECORD);
  if (begun === null) rmSync(path, { force: true });
  else writeFileSync(path, JSON.stringify({ ...begun, boot: bootId() } satisfies Begun));
}

/** The download is complete: it gets its name in the same directory. */
export function completePartial(stage: string, path: string): void {
  recordPartial(stage, null);
  renameSync(partialFile(stage), path);
}

/**
 * Takes over what an earlier call has left of the same file; what cannot be used goes. Of two calls at the same time one gets it.
 *
 * @param directories where it may be
 * @param stage the directory of this call, which is empty; it becomes that of the other one
 * @param needsSameBoot nothing but what the server says will tell whether it is undamaged
 * @returns `null` if there is none
 */
export function claimPartial(
  directories: readonly string[],
  stage: string,
  key: string,
  needsSameBoot: boolean,
): Begun | null {
  for (const found of directories.flatMap(findStages)) {
    const record = readRecord(found);
    if (record?.key !== key) continue;
    const isUsable = !needsSameBoot || (record.boot !== null && record.boot === bootId());
    if (isUsable && isMoved(found, stage)) return record;
    removeStage(found);
  }
  return null;
}

/** Not if somebody else has it by now, or if it is on another file system. */
function isMoved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (!['ENOENT', 'EXDEV'].includes(errorCode(error) ?? '')) throw error;
    return false;
  }
}

/** How much of a download there is with which a later call can go on, in bytes; 0 if none can. */
export function sizeOfPartial(stage: string): number {
  return readRecord(stage) === null ? 0 : lstatSync(partialFile(stage)).size;
}

/** Whether a directory is that of a download which a call may come back for. */
export function isKept(stage: string): boolean {
  if (sizeOfPartial(stage) === 0) return false;
  return Math.abs(Date.now() - lstatSync(partialFile(stage)).mtimeMs) < KEPT_FOR;
}

/** `null` for anything that is not a record with what it is about. */
function readRecord(stage: string): Begun | null {
  try {
    if (!lstatSync(partialFile(stage)).isFile()) return null;
    const record = JSON.parse(readFileSync(join(stage, RECORD), 'utf8')) as Begun | null;
    return typeof record?.key === 'string' ? record : null;
  } catch {
    return null;
  }
}

function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
