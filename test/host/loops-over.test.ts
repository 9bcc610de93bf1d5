import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loopsOver } from '../../src/host/loops-over.js';

test('the loop devices over a file, as sysfs has them', () => {
  const sys = mkdtempSync(join(tmpdir(), 'loops-'));
  for (const [name, file] of Object.entries({ loop0: '/a b', loop1: '/c', loop12: '/a b', vda: '/a b' })) {
    mkdirSync(join(sys, name, 'loop'), { recursive: true });
    writeFileSync(join(sys, name, 'loop/backing_file'), `${file}\n`);
  }
  mkdirSync(join(sys, 'loop3'));
  expect(loopsOver('/a b', sys).sort()).toEqual(['/dev/loop0', '/dev/loop12']);
  expect(loopsOver('/nothing', sys)).toEqual([]);
  expect(loopsOver('/a b', join(sys, 'none'))).toEqual([]);
  rmSync(sys, { recursive: true });
});
