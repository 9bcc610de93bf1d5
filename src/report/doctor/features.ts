import type { Feature, Verdict } from '../../doctor/judge.js';

/** What a check is for, as a column of the table has it, and as a sentence has it. */
export const FEATURES: Readonly<Record<Feature, readonly [column: string, sentence: string]>> = {
  directories: ['directories', 'merging directories'],
  refresh: ['refresh', "that 'refresh' takes no file away for a moment"],
  images: ['images', 'disk images'],
  'protected-images': ['protected images', 'images with a hash tree or a signature'],
  'encrypted-images': ['encrypted images', 'encrypted images'],
  attributes: ['attributes', 'extended attributes of images'],
  labels: ['labels', 'SELinux labels'],
  looking: ['looking', "looking into images without merging them ('explain', 'inspect')"],
  services: ['services', 'services of extensions'],
  boot: ['boot', 'merging at boot'],
};

/** As the table has it. */
export const VERDICTS: Readonly<Record<Verdict, string>> = {
  fine: 'fine',
  warning: 'warning',
  missing: 'missing',
  untold: 'could not tell',
};
