import { dirname, join } from 'node:path';
import { commands } from '../../../mount/mount-command.js';
import { layersOf } from '../../../overlay/layers.js';
import { encodeLowerDirectories } from '../../../overlay/lower-directories.js';
import { DEVICE_FILE } from '../../../overlay/metadata.js';
import { overlayOptions, upperLinks } from '../../../overlay/overlay-options.js';
import type { Step } from '../../../overlay/step.js';
import { loopVariableOf, readLoopPlaceholder } from './loop-placeholder.js';
import type { Snippet, Writer } from './writer.js';

type StepOf<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>;

export function writeMetadata(step: StepOf<'write-metadata'>, writer: Writer): Snippet {
  const { directory, like, backingFile } = step;
  const files = Object.entries(step.files);
  const folders = new Set(files.map(([file]) => join(directory, dirname(file))));
  const made = [directory, ...folders, ...files.map(([file]) => join(directory, file))];
  const backing = backingFile === null ? null : join(directory, backingFile);
  const label = writer.call('label', like, ...made);
  const labelBacking =
    backing === null
      ? []
      : [`if [ -e ${writer.word(backing)} ]; then ${writer.call('label', like, backing)}; fi`];
  return {
    lines: [
      writer.command(['mkdir', '-p', ...folders]),
      ...files.flatMap(([file, content]) => writer.write(join(directory, file), linesOf(content))),
      ...(backing === null ? [] : [writer.call('backing', like, backing)]),
      writer.call('alike', directory, like),
      label,
      ...labelBacking,
    ],
    undo: [],
  };
}

/** Loop devices are known when the script has made them. */
function linesOf(content: string): (string | { readonly code: string })[] {
  return content
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const found = readLoopPlaceholder(line);
      if (found === null) return line;
      return { code: `'${found.indent}"'"\${${loopVariableOf(found.number)}}"'"${found.comma}'` };
    });
}

export function mountOverlay(step: StepOf<'mount-overlay'>, writer: Writer): Snippet {
  const { metadata, upper, host, at, links, mountPoints } = step;
  // Without the host's directory the names of the others are the same.
  const layers = layersOf(step, true);
  const isHostLayer = upper?.kind !== 'host';
  // An overlay wants another layer; if there is none, it is the host's, even if it is empty.
  const isOptional = isHostLayer && (layers.length > 2 || upper !== null);
  const lower = encodeLowerDirectories(layers);
  const names = lower.value.split(':');
  const always = isOptional ? names.slice(0, -1) : names;
  const writable = upperLinks(step);
  const mark = '\0';
  const options = overlayOptions(step, mark, writable)
    .split(mark)
    .map((part) => writer.word(part));
  const prefix = '$lower';
  const mount = commands.overlay(at, step.source, mark).map((word) => {
    return word === mark
      ? options.map((part) => (part === "''" ? '' : part)).join(`"${prefix}"`)
      : writer.word(word);
  });
  const ahead = upper?.kind === 'host' ? [host, ...layers.slice(1)] : layers.slice(1);
  const device = join(metadata, writer.extensionClass.metadataDirectory, DEVICE_FILE);
  const hostName = writer.word(names.at(-1) ?? '');
  writer.call('has_entries', host);
  writer.call('device', at);
  return {
    lines: [
      ...mountPoints.map(({ relative, isDirectory }) =>
        writer.call('make_point', relative, isDirectory ? 'directory' : 'file', metadata, ...ahead),
      ),
      ...(upper === null ? [] : prepareUpper(upper, host, writer)),
      writer.call('hide_metadata', metadata, ...layers.slice(1)),
      writer.command(['mkdir', '-p', at, links]),
      ...[...lower.links, ...writable.links].map(([name, target]) =>
        writer.command(['ln', '-s', target, join(links, name)]),
      ),
      `lower=${writer.word(always.join(':'))}`,
      ...(isOptional ? [`if ${writer.call('has_entries', host)}; then lower=$lower:${hostName}; fi`] : []),
      `(cd ${writer.word(links)} && ${mount.join(' ')})`,
      '# Only now it has a number. The metadata is read-only in the overlay, so it is written from behind.',
      `printf '%s\\n' "$(${writer.call('device', at)})" >${writer.word(device)}`,
      writer.call('label', host, device),
    ],
    undo: [
      `umount -n -i -l ${writer.word(at)} 2>/dev/null`,
      ...(upper === null || upper.kind === 'ephemeral' ? [] : [`rm -rf ${writer.word(upper.work)}`]),
    ],
  };
}

function prepareUpper(
  { path, work, kind }: NonNullable<StepOf<'mount-overlay'>['upper']>,
  host: string,
  writer: Writer,
): string[] {
  const ephemeral =
    kind === 'ephemeral'
      ? [
          writer.command(['mkdir', '-p', path]),
          writer.call('alike', path, host),
          writer.call('label', host, path),
        ]
      : [];
  return [...ephemeral, writer.command(['mkdir', '-p', '-m', '0700', work])];
}
