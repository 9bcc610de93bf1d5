import type { Image } from '../../images/image.js';
import { refuse } from '../../install/problem.js';
import { UnusableImagesError } from '../../mount/examine-images.js';
import { LOOK_FLAGS } from '../../mount/looking-place.js';
import { openImages } from '../../mount/open-extensions.js';
import { readHostRelease } from '../../release/host-release.js';
import { type Judgement, judgeImage } from '../../release/matching.js';
import { quoted } from '../../report/printable.js';
import { explainMismatch } from '../../report/verdicts.js';
import { inWorkspace } from '../carry-out.js';
import type { MergeContext } from '../merge-settings.js';
import { examine, openSettings, reportChecks } from '../protect-images.js';
import type { Session } from '../session.js';
import type { Staged } from './stage-source.js';

/** What is to be looked into. */
type Candidate = Pick<Staged, 'source' | 'kind' | 'path' | 'released'>;

/**
 * Looks into an image as a merge would: its format, what protects it under the image policy, its release file, and whether it
 * fits this system.
 *
 * @returns the fields of its release file
 * @throws InstallError for what a merge would refuse or ignore; the errors of readHostRelease() and openImages()
 */
export async function judgeStaged(
  settings: MergeContext,
  session: Session,
  staged: Candidate,
): Promise<ReadonlyMap<string, string>> {
  const { root, env, commandLine, log } = settings;
  const { extensionClass, force } = commandLine;
  const { name } = staged.released;
  const host = readHostRelease(root, env);
  const judge = (at: string) => judgeImage(at, name, host, extensionClass, false);
  const { verdict, release } =
    staged.kind === 'directory'
      ? judge(staged.path)
      : await withOpened(settings, session, describe(staged), staged.source, judge);
  if (verdict.kind !== 'accepted') {
    const { releaseDirectory } = extensionClass;
    const { source } = staged;
    if (!force) refuse({ kind: 'unfit', name, source, releaseDirectory, mismatch: verdict });
    const { problem } = explainMismatch({ name, path: source, releaseDirectory }, verdict);
    log.warning(`${quoted(source)} is installed because of --force only: ${problem}.`);
  }
  return release.kind === 'found' ? release.fields : new Map();
}

async function withOpened(
  settings: MergeContext,
  session: Session,
  image: Image,
  source: string,
  judge: (at: string) => Judgement,
): Promise<Judgement> {
  try {
    const usable = examine(settings, [image]);
    return await inWorkspace(settings, session, (workspace) => {
      const opened = openImages([image], usable, LOOK_FLAGS, openSettings(settings), workspace);
      reportChecks(settings, opened);
      return judge(opened[0]!.root);
    });
  } catch (error) {
    if (!(error instanceof UnusableImagesError)) throw error;
    return refuse({ kind: 'unusable', source, problem: error.images[0]!.problem });
  }
}

function describe({ path, kind, released }: Candidate): Image {
  return { kind, name: released.name, path, entry: path, label: released.name, time: 0n, versions: null };
}
