import { followGuide } from './run-guide.js';

followGuide('override-host-file.md', { tree: 'trixie' });
