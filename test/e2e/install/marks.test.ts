import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { provide } from '../../support/debian.js';
import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { directory, whiteout } from '../../support/tree.js';
import { addDirectory } from './installed.js';

const missing =
  process.getuid?.() === 0 ? provide({ getfattr: 'attr', setfattr: 'attr' }) : 'only root mounts these';

// Marks of overlayfs in an extension remove what the host has; some file systems take none.
(missing === null ? describe : describe.skip)(`marks${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: Machine;
  let place: string;
  beforeEach(async () => {
    machine = await Machine.open({ tree: { ...HOST, 'var/lib/extensions': directory() } });
    place = join(machine.root, 'var/lib/extensions');
  });
  afterEach(() => machine.close());

  async function mountOverlay(at: string): Promise<void> {
    const [lower, upper, work] = ['lower', 'upper', 'work'].map((name) => join(machine.directory, name));
    for (const path of [lower!, upper!, work!]) mkdirSync(path);
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    await machine.namespace.must(['mount', '-t', 'overlay', '-o', options, 'overlay', at]);
  }

  const withWhiteout = () => addDirectory(machine, 'foo', { files: { 'usr/share/a/gone': whiteout() } });
  async function withOpaque(): Promise<string> {
    const path = addDirectory(machine, 'bar', { files: { 'usr/share/all/mine': '' } });
    const mark = ['setfattr', '-n', 'trusted.overlay.opaque', '-v', 'y'];
    await machine.namespace.must([...mark, join(path, 'usr/share/all')]);
    return path;
  }
  const left = () => readdirSync(machine.namespace.path(place));

  test('a whiteout does not come onto an overlay, and that is said', async () => {
    const source = withWhiteout();
    await mountOverlay(place);
    expect(failedWith(await machine.call(['install', source]))).toBe(
      `Cannot install '${source}': 'usr/share/a/gone' removes a file of the host (whiteout), and the file system of '${place}' does not take the marks for it, as no overlay does; mount another one there, such as a tmpfs, or make an image file of it with 'pack' and install that. Nothing was changed.`,
    );
    expect(left()).toEqual([]);
    // The marks that are attributes overlayfs keeps for us, since Linux 6.7.
    succeeded(await machine.call(['install', addDirectory(machine, 'plain')]));
    expect(left()).toEqual(['plain']);
  });

  test('marks that are attributes are not lost in silence', async () => {
    const source = await withOpaque();
    await machine.namespace.must(['mount', '-t', 'ramfs', 'ramfs', place]);
    expect(failedWith(await machine.call(['install', source]))).toBe(
      `Cannot install '${source}': 'usr/share/all' hides a directory of the host (opaque), and the file system of '${place}' does not take the marks for it; mount another one there, such as a tmpfs, or make an image file of it with 'pack' and install that. Nothing was changed.`,
    );
    expect(left()).toEqual([]);
    await machine.namespace.must(['umount', place]);
    succeeded(await machine.call(['install', source]));
    succeeded(await machine.call(['install', withWhiteout()]));
  });

  test('whatever else cp cannot do is told in its words', async () => {
    const source = withWhiteout();
    await machine.namespace.must(['mount', '-t', 'tmpfs', '-o', 'nr_inodes=4', 'small', place]);
    expect(failedWith(await machine.call(['install', source]))).toMatch(/^Failed to copy .*No space left/);
  });

  test('pack says where to put a tree together', async () => {
    const source = withWhiteout();
    const temporary = join(machine.directory, 'temporary');
    mkdirSync(temporary);
    mkdirSync(join(machine.directory, 'packed'));
    await mountOverlay(temporary);
    const pack = (output: string, env = {}) =>
      machine.call(
        ['pack', source, '--id=_any', '--format=directory', `--output=${join(machine.directory, output)}`],
        { env },
      );
    expect(failedWith(await pack('packed/foo', { TMPDIR: temporary }))).toMatch(
      /^Cannot pack '.*\/foo': 'usr\/share\/a\/gone' removes a file of the host \(whiteout\), and the file system of '.*\/temporary' does not take .*; set TMPDIR= to a directory on another one, such as a tmpfs\.$/,
    );
    expect(failedWith(await pack('temporary/foo'))).toMatch(
      /^Cannot make .* does not take the marks for it, as no overlay does; name an output on another one, such as a tmpfs, or make an image file\.$/,
    );
    expect(readdirSync(machine.namespace.path(temporary))).toEqual([]);
  });
});
