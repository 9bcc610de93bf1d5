import { followGuide } from './run-guide.js';

await followGuide('override-host-file.md', { tree: 'trixie' });
