import { dirname } from 'node:path';
import { findLostWhiteout } from '../../host/whiteouts.js';
import type { Output } from '../output.js';
import { PackError } from '../problem.js';
import type { Stage } from '../stage.js';
import { runTool } from '../tool.js';

/**
 * Copies the tree to where the result is made. It is root's, unless another user does it.
 *
 * @throws PackError
 */
export function placeTree(stage: Stage, { temporary, path }: Output): void {
  if (process.geteuid?.() !== 0) stage.notes.push({ kind: 'owner', path });
  try {
    runTool(['cp', '-a', '--', stage.root, temporary]);
  } catch (error) {
    const lost = findLostWhiteout(stage.root, dirname(temporary));
    throw lost === null ? error : new PackError({ kind: 'lost-mark', source: path, lost, isResult: true });
  }
}
