import { followGuide } from './run-guide.js';

followGuide('private-key.md', { tree: 'trixie' });
