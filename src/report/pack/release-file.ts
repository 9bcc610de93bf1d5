import type { ExtensionClass } from '../../extension-class.js';
import { releaseText } from '../../release/write-release.js';

/** A release file with comments that say what it is for, and what else it could say (os-release(5), systemd-sysext(8)). */
export function releaseFileText(
  name: string,
  { name: className, levelField, scopeField }: ExtensionClass,
  fields: ReadonlyMap<string, string>,
): string {
  const more: readonly (readonly [field: string, example: string, comment: string])[] = [
    ['VERSION_ID', '13', 'Only for that version of the system.'],
    [levelField, '1', 'In place of VERSION_ID, if the system has a level of its own in os-release.'],
    [
      'ARCHITECTURE',
      'x86-64',
      `Only for machines of that architecture; '${className} pack' looks at the programs.`,
    ],
    [scopeField, 'system', 'Of system, initrd and portable, those where it may be used.'],
    [`${levelField.replace('LEVEL', 'VERSION_ID')}`, '1.0', 'The version of the extension itself.'],
    ['EXTENSION_RELOAD_MANAGER', '1', 'The service manager reads its units again after a merge.'],
    ['EXTENSION_RESTART_UNITS', 'name.service', 'These are restarted, or started, after a merge.'],
  ];
  const others = more.filter(([field]) => !fields.has(field));
  return [
    `# For which systems the extension '${name}' is. It is merged where these fit /etc/os-release.`,
    '# The name of this file must end in the name of the extension.',
    '',
    '# ID=_any is for every system.',
    releaseText(fields).trimEnd(),
    ...others.flatMap(([field, example, comment]) => ['', `# ${comment}`, `#${field}=${example}`]),
    '',
  ].join('\n');
}
