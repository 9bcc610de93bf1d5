import { nativeArchitecture } from '../../host/architecture.js';
import { type Examination, type ExaminationProblem, examineImages } from '../../images/examine.js';
import type { Image } from '../../images/image.js';

/** What an image file on this machine is. @throws what examineImages() throws */
export function examineOne(image: Image): Examination | ExaminationProblem {
  const [[, examined] = []] = examineImages([image], '/', nativeArchitecture());
  return examined!;
}
