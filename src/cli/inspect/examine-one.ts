import { nativeArchitecture } from '../../host/architecture.js';
import { type Examination, type ExaminationProblem, examineImages } from '../../images/examine.js';
import type { Image } from '../../images/image.js';

/** What an image file is. @param root of the system that it belongs to @throws what examineImages() throws */
export function examineOne(image: Image, root = '/'): Examination | ExaminationProblem {
  const [[, examined] = []] = examineImages([image], root, nativeArchitecture());
  return examined!;
}
