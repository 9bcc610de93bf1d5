import { followGuide } from './run-guide.js';

await followGuide('ci-container.md', { tree: 'bookworm' });
