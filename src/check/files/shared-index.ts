import { findBelow } from '../../host/root.js';
import { type Finding, found } from '../finding.js';
import { type CheckedImage, isInHierarchy } from '../image.js';

/** Files that one program writes about all that is installed, and the program. In an extension they cover the host's. */
const INDEXES: readonly (readonly [pattern: RegExp, about: string, program: string])[] = [
  [/^\/usr\/lib\/modules\/[^/]+\/modules\.(?!builtin\.modinfo$|order$)[a-z.]+$/, 'kernel modules', 'depmod'],
  [/^\/usr(\/local)?\/share\/glib-2\.0\/schemas\/gschemas\.compiled$/, 'settings', 'glib-compile-schemas'],
  [/^\/usr(\/local)?\/share\/mime\/mime\.cache$/, 'file types', 'update-mime-database'],
  [/^\/usr(\/local)?\/share\/applications\/mimeinfo\.cache$/, 'desktop entries', 'update-desktop-database'],
  [/^\/usr(\/local)?\/share\/icons\/[^/]+\/icon-theme\.cache$/, 'icons', 'gtk-update-icon-cache'],
  [/^\/usr\/lib(64|\/[^/]+)?\/gio\/modules\/giomodule\.cache$/, 'GIO modules', 'gio-querymodules'],
  [
    /^\/usr\/lib(64|\/[^/]+)?\/gdk-pixbuf-2\.0\/[^/]+\/loaders\.cache$/,
    'image loaders',
    'gdk-pixbuf-query-loaders',
  ],
  [/^\/usr(\/local)?\/share\/info\/dir$/, 'info pages', 'install-info'],
  [/^\/usr\/lib\/udev\/hwdb\.bin$/, 'hardware', 'systemd-hwdb'],
  [/^\/usr\/lib\/locale\/locale-archive$/, 'locales', 'localedef'],
  [/^\/usr\/(lib\/sysimage\/rpm|share\/rpm)\/(rpmdb\.sqlite|Packages(\.db)?)$/, 'packages', 'rpm'],
  [/^\/usr\/lib\/dpkg\/(status|available)$|^\/usr\/lib\/sysimage\/dpkg\/status$/, 'packages', 'dpkg'],
  [/^\/usr\/lib\/apk\/db\/installed$/, 'packages', 'apk'],
  [/^\/etc\/ld\.so\.cache$/, 'shared libraries', 'ldconfig'],
  [/^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)$/, 'users and groups', 'useradd'],
  [/^\/etc\/(machine-id|mtab)$/, 'this machine', 'systemd-machine-id-setup'],
];

/** Lists of all that is installed: that of an image knows nothing of the host, and of two images one wins. */
export function checkSharedIndexes(image: CheckedImage): Finding[] {
  return image.tree.entries.flatMap(({ path, type }) => {
    if ((type !== 'file' && type !== 'symlink') || !isInHierarchy(image, path)) return [];
    const [, about, program] = INDEXES.find(([pattern]) => pattern.test(path)) ?? [];
    if (about === undefined || program === undefined || !mayCover(image, path)) return [];
    return [found('shared-index', path, { about, program })];
  });
}

/** A host that has none loses none: modules of a kernel that only the image has come with their own list. */
function mayCover({ host }: CheckedImage, path: string): boolean {
  if (host === null) return true;
  try {
    return findBelow(host.root, path) !== null;
  } catch {
    return true;
  }
}
