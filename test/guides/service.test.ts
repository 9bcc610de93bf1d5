import { followGuide } from './run-guide.js';

await followGuide('service.md', { tree: 'machine' });
