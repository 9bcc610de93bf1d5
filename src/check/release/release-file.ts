import { CLASSES } from '../../extension-class.js';
import { ARCHITECTURES } from '../../host/architecture.js';
import { collectWishes } from '../../services/wishes.js';
import { type Finding, found } from '../finding.js';
import type { CheckedImage } from '../image.js';

/** Is there a release file, can it be read, and do its fields say something (systemd-sysext(8), os-release(5))? */
export function checkReleaseFile(image: CheckedImage): Finding[] {
  const { release, extensionClass, tree } = image;
  switch (release.kind) {
    case 'missing':
      return [
        found('no-release-file', null, {
          wanted: release.wanted,
          others: release.others.join(' '),
          // Perhaps it was called by the wrong name.
          otherClass:
            Object.values(CLASSES).find(
              (other) => other.name !== extensionClass.name && tree.byPath.has(`/${other.releaseDirectory}`),
            )?.name ?? '',
        }),
      ];
    case 'ambiguous':
      return [
        found('ambiguous-release-file', `/${extensionClass.releaseDirectory}`, {
          candidates: release.candidates.join(' '),
        }),
      ];
    case 'empty':
      return [found('empty-release-file', release.path)];
    case 'unreadable':
      return [found('unreadable-release-file', release.path)];
    case 'found':
      return [
        ...release.problems.map(({ line, text, kind }) =>
          found('release-file-syntax', release.path, { line: String(line), text: text.slice(0, 80), kind }),
        ),
        ...checkFields(image, release.path),
      ];
  }
}

/** What a release file of an extension may say the scope is (os-release(5)). */
const SCOPES = ['system', 'initrd', 'portable'];

function checkFields({ name, fields, extensionClass }: CheckedImage, path: string): Finding[] {
  const findings: Finding[] = [];
  const add = (...[code, detail]: [Finding['code'], Finding['detail']?]) =>
    findings.push(found(code, path, detail));
  const { levelField, scopeField } = extensionClass;
  const id = fields.get('ID');
  if (!id) add('no-id');
  else if (id !== '_any' && !fields.get('VERSION_ID') && !fields.get(levelField))
    add('no-version', { id, level: levelField });

  const architecture = fields.get('ARCHITECTURE');
  if (architecture && architecture !== '_any' && !ARCHITECTURES.has(architecture))
    add('unknown-architecture', { found: architecture });

  const listed = fields.get(scopeField);
  const scopes = listed?.split(/[ \t\r\n]+/).filter((word) => word !== '');
  if (scopes?.length === 0) add('unknown-scope', { field: scopeField, found: '' });
  for (const scope of scopes ?? [])
    if (!SCOPES.includes(scope)) add('unknown-scope', { field: scopeField, found: scope });

  for (const other of Object.values(CLASSES)) {
    if (other.name === extensionClass.name) continue;
    for (const [field, own] of [
      [other.levelField, levelField],
      [other.scopeField, scopeField],
    ] as const)
      if (fields.has(field)) add('wrong-class-field', { field, own, class: extensionClass.name });
  }
  for (const { kind, field, value } of collectWishes([{ name, fields }]).problems)
    add('bad-reload-field', { kind, field, value });
  return findings;
}
