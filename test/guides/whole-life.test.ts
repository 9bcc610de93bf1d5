import { followGuide } from './run-guide.js';

followGuide('whole-life.md', { tree: 'machine' });
