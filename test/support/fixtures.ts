import { below, directory, type Tree } from './tree.js';

/** A release with a version: of a host, and of an extension that fits it. */
export const DEBIAN = 'ID=debian\nVERSION_ID=13\n';

/** A host with a version, so that extensions must have the same one. */
export const HOST: Tree = {
  'usr/lib/os-release': DEBIAN,
  'usr/bin/host': 'from the host\n',
  opt: directory(),
};

export interface ExtensionOptions {
  /** The directory that it is in; /var/lib/extensions if it is not given. */
  readonly in?: string;
  /** The name of the directory; the name of the extension if it is not given. */
  readonly as?: string;
  /** Content of the release file, `ID=_any` if it is not given; `null` for none. */
  readonly release?: string | null;
  /** More files; beside the release file there is `usr/share/NAME` with the place in it, if they are not given. */
  readonly files?: Tree;
}

/** A system extension that is a directory. */
export function extension(name: string, options: ExtensionOptions = {}): Tree {
  const { in: place = 'var/lib/extensions', as = name } = options;
  return below(
    `${place}/${as}`,
    sysextTree(name, { files: { [`usr/share/${name}`]: `${place}/${as}\n` }, ...options }),
  );
}

/** The files of a system extension. */
export function sysextTree(name: string, { release = 'ID=_any\n', files = {} }: ExtensionOptions = {}): Tree {
  return withRelease(`usr/lib/extension-release.d/extension-release.${name}`, release, files);
}

/** A configuration extension that is a directory, in /var/lib/confexts unless `in` says otherwise. */
export function confext(name: string, options: ExtensionOptions = {}): Tree {
  const { in: place = 'var/lib/confexts', as = name, release = 'ID=_any\n' } = options;
  const files = options.files ?? { [`etc/${name}.conf`]: `${place}/${as}\n` };
  return below(
    `${place}/${as}`,
    withRelease(`etc/extension-release.d/extension-release.${name}`, release, files),
  );
}

const withRelease = (path: string, release: string | null, files: Tree): Tree => ({
  ...(release === null ? {} : { [path]: release }),
  ...files,
});
