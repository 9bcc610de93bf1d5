import type { Finished } from '../container/container.js';
import { type Block, isAsShown, outputsOf, readGuide, scriptOf } from './guide.js';
import { makeSurroundings, PATIENCE, type TreeName } from './surroundings.js';

/**
 * Has a test carry out a guide: its commands as they are printed, in surroundings of its own. What they print has to be what the
 * guide shows.
 *
 * @param name of a page in docs/guides
 */
export async function followGuide(name: string, { tree }: { readonly tree: TreeName }): Promise<void> {
  const surroundings = await makeSurroundings(tree);
  if ('missing' in surroundings) {
    test.skip(`docs/guides/${name}: ${surroundings.missing}`, () => {});
    return;
  }
  afterAll(() => surroundings.close());
  test(
    `docs/guides/${name}: its commands do what it says`,
    async () => {
      const blocks = readGuide(name);
      expect(blocks.length).toBeGreaterThan(0);
      compare(name, blocks, await surroundings.follow(scriptOf(blocks)));
    },
    PATIENCE,
  );
}

function compare(name: string, blocks: readonly Block[], { status, stdout, stderr }: Finished): void {
  const outputs = outputsOf(stdout);
  blocks.forEach(({ line, commands, fails, expected }, index) => {
    const where = `docs/guides/${name}:${line}\n${commands}`;
    const output = outputs[index] ?? '';
    // The rest behind the last mark is empty if all went well.
    if (index >= outputs.length - 1)
      throw new Error(
        `${where}${status === 99 && fails ? 'does not fail' : `ends with status ${status}`}:\n${output}${stderr}`,
      );
    if (expected !== null && !isAsShown(expected, output))
      throw new Error(`${where}prints:\n${output}but the guide shows:\n${expected}`);
  });
  expect(status).toBe(0);
}
