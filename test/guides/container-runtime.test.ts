import { followGuide } from './run-guide.js';

followGuide('container-runtime.md', { tree: 'machine' });
