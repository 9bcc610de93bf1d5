import type { Wording } from './wording.js';

export const TREE_WORDS = {
  'outside-hierarchies': {
    title: 'outside-hierarchies',
    explanation: '',
    message: () => '',
    remedy: () => '',
  },
} as const satisfies Readonly<Record<string, Wording>>;
