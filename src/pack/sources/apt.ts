import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runTool } from '../tool.js';

/**
 * Downloads a package, and those that it depends on as far as a root does not have them installed. Signatures are checked by apt, as
 * always. If the root has lists of packages of its own, they are those that count.
 *
 * @param name as for apt-get(8): `NAME`, `NAME:ARCHITECTURE`, `NAME=VERSION`
 * @param root absolute path
 * @returns the directory with the files
 * @throws PackError
 */
export function downloadPackages(name: string, root: string, scratch: string): string {
  const directory = join(scratch, 'packages');
  mkdirSync(join(directory, 'partial'), { recursive: true });
  const lists = join(root, 'var/lib/apt/lists');
  const hasLists =
    existsSync(lists) &&
    readdirSync(lists).some((file) => file.endsWith('_Packages') || /_Packages\.\w+$/.test(file));
  const ofRoot =
    root === '/'
      ? []
      : hasLists
        ? [`Dir=${root}`]
        : [`Dir::State::status=${join(root, 'var/lib/dpkg/status')}`];
  const settings = [
    ...ofRoot,
    `Dir::Cache::archives=${directory}`,
    // Not all users may become the one that apt downloads as, or lock what it would install to.
    'APT::Sandbox::User=root',
    'Debug::NoLocking=true',
  ];
  const options = ['-q', '-y', '--download-only', '--reinstall', '--no-install-recommends'];
  const command = [...options, ...settings.flatMap((setting) => ['-o', setting]), 'install', '--', name];
  const { stdout } = runTool(['apt-get', '--print-uris', ...command]);
  runTool(['apt-get', ...command]);
  // What is in a repository on this machine is checked, but stays where it is.
  for (const [, path = '', file = ''] of stdout.matchAll(/^'file:(.+)' (\S+\.deb) /gm))
    copyFileSync(decodeURIComponent(path), join(directory, basename(file)));
  return directory;
}
