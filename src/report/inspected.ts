import type { ExtensionClass } from '../extension-class.js';
import type { Examination, ExaminationProblem } from '../images/examine.js';
import type { Image } from '../images/image.js';
import type { HierarchySurvey } from '../images/survey.js';
import type { ImageProblem } from '../mount/examine-images.js';
import type { CheckReport } from '../mount/open-verity.js';
import type { ImageRecord } from '../overlay/origin.js';
import type { ReleaseFile } from '../release/release-file.js';

/** What is in the file systems of an image. */
export interface SeenFiles {
  readonly kind: 'seen';
  readonly hierarchies: readonly HierarchySurvey[];
  readonly releases: readonly { readonly extensionClass: ExtensionClass; readonly release: ReleaseFile }[];
  readonly record: ImageRecord | null;
  readonly checks: readonly CheckReport[];
}

export type FilesInside =
  | SeenFiles
  | { readonly kind: 'not-privileged' }
  | { readonly kind: 'unusable'; readonly problem: ImageProblem };

/** What was found out about an image. */
export interface Inspection {
  readonly image: Image;
  /** In bytes; `null` for a directory, as the next. */
  readonly size: bigint | null;
  readonly examined: Examination | ExaminationProblem | null;
  readonly files: FilesInside;
}

/** Whether it could be merged, as far as its format is concerned. */
export function isUsable({ examined, files }: Inspection): boolean {
  return (examined === null || examined.kind === 'examination') && files.kind !== 'unusable';
}
