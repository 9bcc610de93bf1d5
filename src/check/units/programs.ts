import { type Finding, found } from '../finding.js';
import type { CheckedImage } from '../image.js';
import { lookUp, type Sight } from '../merged-view.js';
import type { Units } from './find-units.js';
import { type Assignments, lastOf } from './unit-file.js';

/** Where systemd looks for a program that is named without a path (systemd.service(5)). */
const PLACES = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/** What is wherever there is a service manager, so not worth a word where the host is not known. */
const EVERYWHERE =
  /^(\/usr)?\/bin\/(sh|bash|env|true|false|test|\[|echo|cat|cp|mv|rm|ln|ls|mkdir|chmod|chown|touch|sleep|kill|mount|umount|sed|grep|install|stat|systemctl|systemd-[a-z-]+|udevadm|journalctl|busctl|loginctl)$/;

/** Whether the programs that units start are there when the image is merged. */
export function checkPrograms(image: CheckedImage, { units, dropIns }: Units): Finding[] {
  return [...units, ...dropIns].flatMap(({ path, assignments }) => {
    // What has a root of its own finds its programs there.
    const hasRoot = lastOf(assignments, 'Service.RootDirectory') ?? lastOf(assignments, 'Service.RootImage');
    if (hasRoot !== null) return [];
    return commandsOf(assignments).flatMap(({ key, program }) => checkProgram(image, path, key, program));
  });
}

interface Command {
  readonly key: string;
  readonly program: string;
}

/** The programs of all `Exec…=` lines but those whose failure does not count, each once. */
function commandsOf(unit: Assignments): Command[] {
  const commands = new Map<string, Command>();
  for (const [name, value] of unit) {
    const key = /^[A-Z][a-z]+\.(Exec[A-Z][A-Za-z]+)$/.exec(name)?.[1];
    const program = key === undefined ? null : programOf(value);
    if (key !== undefined && program !== null && !commands.has(program))
      commands.set(program, { key, program });
  }
  return [...commands.values()];
}

/** The first word without its prefixes (systemd.service(5), "Command lines"); `null` if it cannot be told or does not count. */
export function programOf(line: string): string | null {
  const [, prefixes = '', rest = ''] = /^([@\-:+!|]*)(.*)$/s.exec(line)!;
  if (prefixes.includes('-')) return null;
  const [, double, single, bare] =
    /^(?:"([^"\\]*)"|'([^'\\]*)'|([^\s"'\\]+))(?=\s|$)/.exec(rest.trimStart()) ?? [];
  const word = double ?? single ?? bare;
  if (!word) return null;
  const plain = word.replaceAll('%%', '');
  return /[%$]/.test(plain) ? null : word.replaceAll('%%', '%');
}

function checkProgram(image: CheckedImage, path: string, key: string, program: string): Finding[] {
  const sight = find(image, program);
  const detail = { key, program };
  switch (sight.kind) {
    case 'image': {
      const { type, mode } = sight.entry;
      // Configuration extensions are merged so that nothing in them can be executed.
      if (image.extensionClass.mountFlags.includes('noexec'))
        return [found('exec-not-executable', path, { ...detail, why: 'noexec' })];
      if (type === 'file' && mode & 0o111) return [];
      const why = type === 'file' ? 'mode' : 'type';
      return [
        found('exec-not-executable', path, { ...detail, why, mode: mode.toString(8).padStart(4, '0') }),
      ];
    }
    case 'host':
    case 'runtime':
      return [];
    case 'unknown':
      if (EVERYWHERE.test(program) || !program.startsWith('/')) return [];
      return [found('exec-missing', path, { ...detail, why: 'unknown' }, 'note')];
    default:
      return [found('exec-missing', path, { ...detail, why: sight.kind })];
  }
}

function find(image: CheckedImage, program: string): Sight {
  if (program.startsWith('/')) {
    const sight = lookUp(image, program);
    if (!program.startsWith('/etc/') || sight.kind === 'image' || sight.kind === 'host') return sight;
    // systemd-tmpfiles(8) makes it of what is there (tmpfiles.d(5), `C`).
    const factory = lookUp(image, `/usr/share/factory${program}`);
    return factory.kind === 'image' ? factory : sight;
  }
  const sights = PLACES.map((place) => lookUp(image, `${place}/${program}`));
  return sights.find(({ kind }) => kind === 'image' || kind === 'host') ?? sights[0]!;
}
