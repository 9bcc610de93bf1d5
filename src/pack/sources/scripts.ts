import { runTool } from '../tool.js';

/** What runs when a package is installed; what runs when it goes undoes that. */
const SCRIPTS = ['preinst', 'postinst'];

/** Debhelper adds these for units, users, temporary files and the like: `check` tells what of that is to be run after a merge. */
const ADDED = /^# Automatically added by .*\n[\s\S]*?^# End automatically added section$/gm;

/** Lines without which no script gets on, and that do nothing themselves; or that do something for an upgrade only. */
const SCAFFOLD = [
  /^set [-+][a-z]+$/,
  /^(exit \d|:|true|else|fi|esac|;;|return \d)$/,
  /^(if|elif) \[ "?\$\{?1\}?"? = "?[a-z-]+"? \]\s*;\s*then$/,
  /^case "?\$\{?1\}?"? in$/,
  /^\(?[a-z*|\s"'-]+\)\s*(exit 0)?\s*(;;)?$/,
  /^echo .*(unknown|called with).*$/,
  /^\. \/usr\/share\/debconf\/confmodule$/,
  /^db_stop( \|\| true)?$/,
  /^dpkg-maintscript-helper [^|;&$]*(-- "\$@")?$/,
];

/**
 * Whether something is done when a package is installed that nothing else does: by a line that its maintainer wrote.
 *
 * @param path of a Debian package
 * @throws PackError
 */
export function hasWorkOfItsOwn(path: string): boolean {
  const names = runTool(['dpkg-deb', '--ctrl-tarfile', path], { encoding: 'latin1' }).stdout;
  return SCRIPTS.filter((name) => names.includes(`./${name}\0`)).some((name) =>
    doesSomething(runTool(['dpkg-deb', '--info', path, name], { encoding: 'latin1' }).stdout),
  );
}

/** @param script its text; what is no shell script does something */
export function doesSomething(script: string): boolean {
  if (!/^#!\s*\/(usr\/)?bin\/(ba|da)?sh\b/.test(script)) return true;
  return script
    .replace(ADDED, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .some((line) => !SCAFFOLD.some((known) => known.test(line)));
}
