import { followGuide } from './run-guide.js';

await followGuide('private-key.md', { tree: 'trixie' });
