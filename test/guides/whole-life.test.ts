import { followGuide } from './run-guide.js';

await followGuide('whole-life.md', { tree: 'machine' });
