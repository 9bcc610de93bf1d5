import { followGuide } from './run-guide.js';

followGuide('service.md', { tree: 'machine' });
