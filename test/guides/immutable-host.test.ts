import { followGuide } from './run-guide.js';

followGuide('immutable-host.md', { tree: 'machine' });
