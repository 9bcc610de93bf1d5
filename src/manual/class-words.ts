import type { ExtensionClass } from '../extension-class.js';

interface ClassWords {
  /** What an extension of this class is called in a sentence. */
  readonly kind: string;
  readonly purpose: string;
  /** A mount that is often found below the hierarchy. */
  readonly mount: string;
  /** An extension for examples: its name, a file in it, and what the file is. */
  readonly example: { readonly name: string; readonly file: string; readonly what: string };
}

/** What differs between the pages of the two classes and is no fact of the program (those: extension-class.ts). */
export const WORDS = {
  sysext: {
    kind: 'system extension',
    purpose: 'Programs, libraries, kernel drivers and what else belongs to an operating system',
    mount: 'a file system at `/usr/local`',
    example: { name: 'tools', file: 'usr/bin/hello', what: 'program' },
  },
  confext: {
    kind: 'configuration extension',
    purpose: 'Configuration files of the operating system and of what is installed on it',
    mount: '`/etc/resolv.conf` in a container',
    example: { name: 'site', file: 'etc/motd.d/site.txt', what: 'file' },
  },
} as const satisfies Readonly<Record<ExtensionClass['name'], ClassWords>>;

/** The write directory of a hierarchy, see overlay/mutable.ts. */
export function writeDirectoryOf(hierarchy: string): string {
  return `/var/lib/extensions.mutable${hierarchy}`;
}
