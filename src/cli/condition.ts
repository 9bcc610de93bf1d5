import type { Image } from '../images/image.js';
import type { JudgedImage } from './judge-images.js';

/** What must be so for a merge to be done at all, beyond what each merge needs; loaded only if it was asked for. */
export interface Condition {
  /** Before images are looked into. @param images those that were chosen */
  begin(images: readonly Image[]): void;
  /** When it is known what each of them is, and before anything is mounted where somebody sees it. @throws if it is not so */
  check(judged: readonly JudgedImage[]): void;
  /** Whatever came of it. */
  end(): void;
}
