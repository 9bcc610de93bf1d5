import type { ExtensionClass } from '../extension-class.js';
import type { HierarchySurvey } from '../images/survey.js';
import type { CheckReport } from '../mount/open-verity.js';
import type { ImageRecord } from '../overlay/origin.js';
import type { ReleaseFile } from '../release/release-file.js';
import { describeImageProblem } from './image-problems.js';
import type { Inspection, SeenFiles } from './inspected.js';
import { inspectionJson } from './inspection-json.js';
import {
  describeContent,
  type KnownPartitions,
  knownPartitions,
  type Line,
  partitionLines,
  rootHashLine,
} from './inspection-partitions.js';
import { formatJson, type JsonFormat } from './json.js';
import { printable, quotedFew, quotedList } from './printable.js';
import { describeSignature } from './protection.js';
import { reasonOf } from './reason.js';

export function inspectionReport(inspection: Inspection, json: JsonFormat): string {
  if (json !== 'off') return formatJson(inspectionJson(inspection), json);
  const { image, examined, files } = inspection;
  const lines: Line[] = [
    ['Image', printable(image.path)],
    ['Name', printable(image.name)],
    ...formatLines(inspection),
    ...(examined === null ? [] : partitionLines(knownPartitions(examined))),
    ...(examined?.kind === 'examination' ? [...examined.verity.values()].map(rootHashLine) : []),
    ...problemLines(inspection),
    ...(files.kind === 'seen' ? fileLines(files) : []),
    ...(files.kind === 'not-privileged'
      ? [['Files', 'can be seen by root only: the image would have to be mounted'] as const]
      : []),
  ];
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  return lines.map(([label, text]) => `${`${label}:`.padEnd(width)}${text}\n`).join('');
}

/** Without a format where that is what the problem is about. */
function formatLines({ size, examined }: Inspection): Line[] {
  if (examined === null) return [['Format', 'directory']];
  const format = describeFormat(knownPartitions(examined));
  const line: Line[] = format === null ? [] : [['Format', format]];
  return [...line, ['Size', `${size} bytes`]];
}

function describeFormat({ table, parts: [first] }: KnownPartitions): string | null {
  if (table === null) return first === undefined ? null : describeContent(first);
  const copy = table.usedBackup ? ', first copy of the partition table damaged' : '';
  return `GPT disk image with sectors of ${table.sectorSize} bytes${copy}`;
}

function problemLines({ examined, files }: Inspection): Line[] {
  const problem =
    examined !== null && examined.kind !== 'examination'
      ? examined
      : files.kind === 'unusable'
        ? files.problem
        : null;
  if (problem === null) return [];
  const { problem: what, remedy } = describeImageProblem(problem);
  return [['Cannot be used', `${what}; ${remedy}.`]];
}

function fileLines({ hierarchies, releases, record, checks }: SeenFiles): Line[] {
  const found = releases.flatMap(({ extensionClass, release }) => releaseLines(extensionClass, release));
  return [
    ...(record === null ? [] : [['Protection', describeProtection(record, checks)] as const]),
    ...(found.length > 0 ? found : [['Release file', 'none, so it fits no system without --force'] as const]),
    ...hierarchies.map((one): Line => [one.hierarchy, describeSurvey(one)]),
  ];
}

function describeProtection({ protection }: ImageRecord, checks: readonly CheckReport[]): string {
  const said = checks.map(({ by, signature }) => {
    const how =
      by.kind === 'kernel' ? 'checked by the kernel while it is read' : `all ${by.bytes} bytes checked`;
    if (signature.kind === 'signed-for-kernel') return `${how}; signed by somebody in the kernel's keyring`;
    return signature.kind === 'unsigned' ? how : `${how}; ${describeSignature(signature)}`;
  });
  return [protection, ...said].join(': ');
}

function releaseLines({ noun }: ExtensionClass, release: ReleaseFile): Line[] {
  const label = noun.replace(/s$/, '');
  switch (release.kind) {
    case 'found': {
      const fields = [...release.fields].map(([key, value]) => `${key}=${value}`);
      return [[label, `${printable(release.path)}: ${printable(fields.join(' '))}`]];
    }
    case 'missing':
      return release.others.length === 0
        ? []
        : [[label, `release file is for another image name: ${quotedFew(release.others)}`]];
    case 'ambiguous':
      return [[label, `several release files could be meant: ${quotedList(release.candidates)}`]];
    case 'empty':
      return [[label, `${printable(release.path)} is empty`]];
    case 'unreadable':
      return [[label, `${printable(release.path)} cannot be read (${reasonOf(release.cause)})`]];
  }
}

function describeSurvey({ files, directories, more, unreadable }: HierarchySurvey): string {
  const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
  const words = `${count(files, 'file', 'files')} in ${count(directories + 1, 'directory', 'directories')}`;
  const hidden =
    unreadable === 0 ? '' : `, and ${count(unreadable, 'directory', 'directories')} that cannot be read`;
  return `${more ? 'more than ' : ''}${words}${hidden}`;
}
