import { basename } from 'node:path';
import { hasPrivateNamespace, runInPrivateNamespace } from '../../host/private-namespace.js';
import { mayMount } from '../../host/privileges.js';
import { programVersion } from '../../host/self.js';
import type { Image } from '../../images/image.js';
import { type Packed, pack as packImage } from '../../pack/pack.js';
import { PackError } from '../../pack/problem.js';
import type { Signer } from '../../pack/protect.js';
import { identifyPackage, identifySource, identifyTar } from '../../pack/sources/source.js';
import { readHostRelease } from '../../release/host-release.js';
import { formatCheck } from '../../report/check/report.js';
import { describeNote, describePacked } from '../../report/pack/notes.js';
import { readHost } from '../check/check-images.js';
import { withHosts } from '../check/host-without.js';
import { checkTree } from '../check/open-image.js';
import { formatOf } from '../command-line.js';
import { type Context, readHierarchies, resolveRoot } from '../context.js';
import type { PackOptions } from '../making-options.js';
import { fieldsOf } from '../pack/field-options.js';
import { openProgress } from '../pack/progress.js';

/**
 * `pack SOURCE… --output=FILE`: an image made of directories, packages and archives, and what `check` finds in it. Needs no
 * privileges.
 *
 * @returns 1 if there are errors among the findings; the image is there all the same
 */
export async function pack(context: Context): Promise<number> {
  const { commandLine, env } = context;
  const { extensionClass, operands, pack: options } = commandLine;
  const { forHost } = options.fields;
  const target = forHost === null ? context.root : resolveRoot(forHost);
  const host = forHost === null ? null : readHostRelease(target, env).fields;
  const { architecture } = commandLine.otherHosts;
  if (options.output === null) throw new PackError({ kind: 'no-output' });
  // An older one of this name may be merged, and is no part of the host that this one is compared with.
  const mounts = readHierarchies({ ...context, root: target }).some(({ merge }) => merge !== null);
  if (mounts && mayMount() && !hasPrivateNamespace()) return runInPrivateNamespace();
  const { onStage, end } = openProgress();
  try {
    return await packImage(
      {
        sources: [
          ...options.packages.map(identifyPackage),
          ...options.archives.map(identifyTar),
          ...operands.map(identifySource),
        ],
        output: options.output,
        format: formatOf(commandLine, 'pack'),
        extensionClass,
        fields: fieldsOf(options.fields, extensionClass, host, architecture),
        architecture,
        services: options.services,
        verity: options.verity,
        signer: signerOf(options),
        target,
        epoch: env['SOURCE_DATE_EPOCH'],
      },
      onStage,
      (packed) => report({ ...context, root: target }, packed, end),
    );
  } finally {
    end();
  }
}

/** @throws PackError for one without the other */
function signerOf({ privateKey, certificate }: PackOptions): Signer | null {
  if (privateKey === null && certificate === null) return null;
  if (certificate === null) throw new PackError({ kind: 'key-alone', missing: '--certificate=' });
  if (privateKey === null) throw new PackError({ kind: 'key-alone', missing: '--private-key=' });
  return { privateKey, certificate };
}

async function report(context: Context, packed: Packed, end: () => void): Promise<number> {
  const { log, commandLine } = context;
  const { extensionClass, json } = commandLine;
  const { output } = packed;
  const image: Image = {
    kind: output.isDirectory ? 'directory' : 'raw',
    name: output.name,
    path: output.path,
    entry: output.path,
    label: basename(output.path),
    time: 0n,
    versions: null,
  };
  // In the image all of it is root's, whoever has made the tree.
  const settings = { isOwnedByRoot: !output.isDirectory };
  const outcome = withHosts(context, readHost(context), [image.name], (hostWithout) =>
    hostWithout(image.name, ({ host, caveat }) =>
      checkTree(context, image, packed.tree, host, { ...settings, caveat }),
    ),
  );
  const checked = { extensionClass, images: [{ image, outcome }] };
  end();
  for (const note of packed.notes) {
    const { level, message } = describeNote(note);
    log[level](message);
  }
  log.info(describePacked(packed));
  context.print(await formatCheck(checked, 'text', json, programVersion()));
  if (outcome.kind !== 'checked') return 1;
  return outcome.findings.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}
