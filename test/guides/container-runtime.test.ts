import { followGuide } from './run-guide.js';

await followGuide('container-runtime.md', { tree: 'machine' });
