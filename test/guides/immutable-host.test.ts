import { followGuide } from './run-guide.js';

await followGuide('immutable-host.md', { tree: 'machine' });
