import { followGuide } from './run-guide.js';

followGuide('command-line-tool.md', { tree: 'trixie' });
