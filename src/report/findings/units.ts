import type { Wording } from './wording.js';

export const UNIT_WORDS = {
  'unit-not-started': {
    title: 'unit-not-started',
    explanation: '',
    message: () => '',
    remedy: () => '',
  },
} as const satisfies Readonly<Record<string, Wording>>;
