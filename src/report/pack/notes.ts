import { statSync } from 'node:fs';
import type { ExtensionClass } from '../../extension-class.js';
import type { SourceTree } from '../../pack/init.js';
import type { Packed } from '../../pack/pack.js';
import type { PackNote } from '../../pack/stage.js';
import { printable, quoted, quotedFew, quotedList } from '../printable.js';

/** What was done, or left undone, that is not to be expected. */
export function describeNote(note: PackNote): { level: 'info' | 'notice' | 'warning'; message: string } {
  switch (note.kind) {
    case 'left-out':
      return {
        level: 'notice',
        message: `Left out of ${quoted(note.source)}: ${quotedList(note.names)}, because nothing there is merged.`,
      };
    case 'factory':
      return {
        level: 'info',
        message: `Moved ${note.count === 1 ? 'a file' : `${note.count} files`} of /${note.top} to /usr/share/factory/${note.top}; systemd-tmpfiles copies what is missing in /${note.top} from there.`,
      };
    case 'directories':
      return {
        level: 'info',
        message: `Left to systemd-tmpfiles: ${note.paths.length === 1 ? 'the directory' : 'the directories'} ${quotedFew(note.paths)}.`,
      };
    case 'init-scripts':
      return {
        level: 'info',
        message: `Left out of '/etc/init.d': ${quotedFew(note.names)}, because there is a unit of that name.`,
      };
    case 'attributes-lost':
      return {
        level: 'warning',
        message: `Only root can give files the attributes ${quotedList(note.names)}, so they are not in the image.`,
      };
    case 'scripts':
      return {
        level: 'notice',
        message: `Scripts of packages are not run where an extension is merged. See whether what these do when they are installed is needed ('dpkg-deb --info FILE.deb postinst'): ${quotedList(note.packages)}.`,
      };
    case 'packages':
      return { level: 'info', message: `Downloaded ${quotedList(note.names)}.` };
    case 'owner':
      return {
        level: 'notice',
        message: `${quoted(note.path)} belongs to you, but what is merged should belong to root; make an image, or copy it as root.`,
      };
  }
}

/** The result in a line. */
export function describePacked({ output, rootHash }: Packed): string {
  const size = output.isDirectory ? '' : ` (${statSync(output.path).size} bytes)`;
  const hash = rootHash === null ? '' : `, root hash ${rootHash}`;
  return `Made ${quoted(output.path)}${size}${hash}.`;
}

/** What there is now, and what to do with it. */
export function describeInit(
  path: string,
  { name, files }: SourceTree,
  { program, extensionClass }: { readonly program: string; readonly extensionClass: ExtensionClass },
): string[] {
  const [sample = ''] = files.map((file) => file.path).slice(1);
  const command = extensionClass.name === 'sysext' ? name : `cat /${sample}`;
  return [
    `Made ${quoted(path)}: ${quotedList(files.map((file) => file.path))}.`,
    `Try it with '${printable(`${program} run --with=${path} -- ${command}`)}', and make an image of it with '${printable(`${program} pack ${path} --output=${name}.raw`)}'.`,
  ];
}
