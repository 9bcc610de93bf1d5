import { followGuide } from './run-guide.js';

followGuide('ci-container.md', { tree: 'bookworm' });
