import { closeSync, constants, openSync } from 'node:fs';
import { CHECKSUMS_FILE, CHECKSUMS_LIMIT, findChecksum } from '../../install/checksums.js';
import { downloadText } from '../../install/download.js';
import { conditionOf } from '../../install/file-mark.js';
import {
  claimPartial,
  completePartial,
  keyOfDownload,
  partialFile,
  recordPartial,
  sizeOfPartial,
} from '../../install/partial.js';
import { refuse } from '../../install/problem.js';
import { DownloadError, withoutPassword } from '../../install/request.js';
import { type Downloaded, resumeDownload } from '../../install/resume.js';
import { removeStage } from '../../install/stage.js';
import { describeContinued, describeKept } from '../../report/install/progress.js';
import { quoted } from '../../report/printable.js';
import type { Context } from '../context.js';
import { showProgress } from './progress.js';

/** An image on a server. */
interface Remote {
  readonly url: URL;
  readonly fileName: string;
}

/** Where a download goes. */
interface Destination {
  /** Directories in which an earlier call may have left the beginning of it. */
  readonly places: readonly string[];
  /** Of this call, empty. */
  readonly stage: string;
  /** In it, when all is there. */
  readonly path: string;
}

/**
 * Downloads an image, or the rest of it if an earlier call was interrupted, and compares its checksum, if there is one.
 *
 * @throws InstallError, DownloadError, the errors of file functions
 */
export async function downloadStaged(
  context: Context,
  { url, fileName }: Remote,
  { places, stage, path }: Destination,
): Promise<void> {
  const { sha256, maxSize } = context.commandLine.installing;
  const wanted = sha256 ?? (await lookUpChecksum(context, url, fileName));
  const key = keyOfDownload(url, wanted);
  const begun = claimPartial(places, stage, key, wanted === null);
  const progress = await showProgress(context, fileName);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const descriptor = openSync(partialFile(stage), flags, 0o644);
  let got: Downloaded;
  try {
    got = await resumeDownload(url, partialFile(stage), descriptor, {
      limit: maxSize,
      sha256: wanted,
      mark: begun?.mark ?? null,
      onMark: (mark) => {
        // Without either nobody could tell whether the rest is of the same file.
        const canContinue = wanted !== null || conditionOf(mark) !== null;
        recordPartial(stage, canContinue ? { key, mark } : null);
      },
      onContinue: (start) => context.log.info(describeContinued(fileName, start)),
      onProgress: progress.tell,
    });
  } finally {
    closeSync(descriptor);
    progress.end();
  }
  compareChecksum(withoutPassword(url), wanted, () => got.sha256);
  completePartial(stage, path);
}

/**
 * What comes of the directory of a call that a signal or an error ends: if a later one can go on with the download, it stays, and
 * that is said; else it goes.
 */
export function leaveStage({ log }: Context, stage: string, fileName: string, cause: unknown): void {
  const size = isOver(cause) ? 0 : sizeOfPartial(stage);
  if (size === 0) return removeStage(stage);
  log.notice(describeKept(fileName, size, stage));
}

/** A signal or the server may have been in the way; but another checksum, or a full disk, is not mended by more of the same. */
function isOver(cause: unknown): boolean {
  if (cause instanceof DownloadError) return cause.problem.kind === 'too-large';
  return cause instanceof Error;
}

/** A list beside it that names other files only is more likely a mistake than meant. */
async function lookUpChecksum({ log }: Context, url: URL, fileName: string): Promise<string | null> {
  const list = new URL(CHECKSUMS_FILE, url);
  list.username = url.username;
  list.password = url.password;
  const text = await downloadText(list, CHECKSUMS_LIMIT);
  if (text === null) {
    log.notice(`There is no ${quoted(withoutPassword(list))}, so the download is compared with no checksum.`);
    return null;
  }
  return (
    findChecksum(text, fileName) ??
    refuse({ kind: 'no-checksum', source: fileName, list: withoutPassword(list) })
  );
}

/** @param wanted `null` if nobody knows it @throws InstallError */
export function compareChecksum(source: string, wanted: string | null, read: () => string): void {
  const found = wanted === null ? null : read();
  if (wanted !== null && found !== null && found !== wanted)
    refuse({ kind: 'checksum', source, wanted, found });
}
