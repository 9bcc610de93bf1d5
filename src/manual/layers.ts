import type { ExtensionClass } from '../extension-class.js';
import { MUTABLE_MODES } from '../overlay/mutable-mode.js';
import { WORDS, writeDirectoryOf } from './class-words.js';
import { type Block, enumerate, example, heading, item } from './document.js';
import { MODE_TEXTS } from './mode-texts.js';

/** What is seen where, and what is mounted below it. */
export function layers({ name, hierarchies, metadataDirectory, namesFile }: ExtensionClass): Block[] {
  const [hierarchy = ''] = hierarchies;
  const { mount, example: sample } = WORDS[name];
  const row = (layer: string, what: string) => `${layer.padEnd(24)}${what}`;
  return [
    heading('Layers'),
    'Where several layers have a file of the same name, the one above is seen; directories are joined. From top to bottom:',
    example(
      [
        row('write directory', 'in a mutable mode: gets what is written'),
        row('metadata', `${hierarchy}/${metadataDirectory}/`),
        row('imported directory', 'with import and ephemeral-import'),
        row(`extension ${sample.name}_11`, 'last in the order of versions'),
        row(`extension ${sample.name}_9`, ''),
        row(`${hierarchy} of the host`, 'below all others'),
      ]
        .map((line) => line.trimEnd())
        .join('\n'),
    ),
    'Extensions are sorted by their names as versions are compared by the UAPI version format specification: numbers as numbers, so that 11 comes after 9. An extension without files for a hierarchy has no layer there, and a hierarchy that no extension has files for is not merged, except in a mutable mode. The kernel stacks at most 500 layers, which leaves 498 for extensions.',
    `The metadata directory \`${metadataDirectory}\` is how a merged hierarchy is known. Its file \`${namesFile}\` has the names of the extensions, a line each.`,
    heading('Mounts below a hierarchy'),
    `What is mounted below a hierarchy, such as ${mount}, stays mounted and visible when extensions are merged, refreshed and unmerged.`,
  ];
}

/** Where what is written goes. */
export function mutability({ hierarchies, mutableVariable, configFile }: ExtensionClass): Block[] {
  const directories = enumerate(hierarchies.map((path) => `\`${writeDirectoryOf(path)}\` for \`${path}\``));
  return [
    heading('Mutability'),
    `A merged hierarchy is read-only, unless a mutable mode says otherwise. What is written there goes to the write directory: ${directories}. It may be a symbolic link. If it leads to the hierarchy itself, \`yes\` and \`auto\` write to the host's own directory. The write directory must have the same mode as the hierarchy, or gets it if a symbolic link leads to it. Beside it there must be room for a work directory on the same file system. The modes are:`,
    ...MUTABLE_MODES.map((mode) => item(`\`${mode}\``, MODE_TEXTS[mode])),
    `In a mutable mode hierarchies are merged even if there is no extension for them. The mode comes from \`--mutable=\`, else from \`${mutableVariable}\` in the environment, else from ${configFile}(5).`,
  ];
}
