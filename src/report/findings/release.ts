import type { Wording } from './wording.js';

export const RELEASE_WORDS = {
  'no-release-file': {
    title: 'no-release-file',
    explanation: '',
    message: () => '',
    remedy: () => '',
  },
} as const satisfies Readonly<Record<string, Wording>>;
