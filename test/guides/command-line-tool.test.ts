import { followGuide } from './run-guide.js';

await followGuide('command-line-tool.md', { tree: 'trixie' });
