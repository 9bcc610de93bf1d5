import { formatOf } from '../images/dissection.js';
import type { Examination, ExaminationProblem } from '../images/examine.js';
import type { ReleaseFile } from '../release/release-file.js';
import { partitionTypeName } from './disk.js';
import { describeImageProblem } from './image-problems.js';
import type { FilesInside, Inspection, SeenFiles } from './inspected.js';
import { describePassedOver, knownPartitions } from './inspection-partitions.js';
import type { Json } from './json.js';

/** An inspection as JSON by docs/schema/inspect-1.json. */
export function inspectionJson({ image, size, examined, files }: Inspection): Json {
  return {
    schema: 'inspect-1',
    name: image.name,
    path: image.path,
    type: image.kind,
    size,
    ...formatJsonOf(examined),
    problem: problemOf(examined, files),
    ...(files.kind === 'seen' ? seenJson(files) : { protection: null, extensions: null, hierarchies: null }),
  };
}

function formatJsonOf(examined: Examination | ExaminationProblem | null) {
  if (examined === null)
    return { format: 'directory', sectorSize: null, partitions: [], fileSystems: [], rootHashes: [] };
  const { table, parts, passedOver } = knownPartitions(examined);
  const isUsable = examined.kind === 'examination';
  return {
    format: isUsable ? formatOf(examined.dissection) : table && 'gpt',
    sectorSize: table?.sectorSize ?? null,
    partitions: (table?.partitions ?? []).map((partition) => {
      const { number, type, uuid, label, offset, size } = partition;
      const reason = passedOver.find((one) => one.partition === partition)?.reason;
      const purpose = partitionTypeName(type);
      const passed = reason === undefined ? null : describePassedOver(reason);
      const used = isUsable && passed === null;
      return { number, type, purpose, uuid, label, offset, size, used, passedOver: passed };
    }),
    fileSystems: parts.map(({ designator, chosen, content }) => {
      const partition = chosen?.data.number ?? null;
      if (content.kind === 'luks') return { designator, partition, type: 'luks', uuid: null, label: null };
      const { type, uuid, label } = content;
      return { designator, partition, type, uuid, label };
    }),
    rootHashes: [...(isUsable ? examined.verity : [])].map(([designator, { rootHash }]) => {
      return { designator, rootHash: rootHash.toString('hex') };
    }),
  };
}

function problemOf(examined: Examination | ExaminationProblem | null, files: FilesInside): Json {
  if (examined !== null && examined.kind !== 'examination')
    return { kind: examined.kind, ...describeImageProblem(examined) };
  return files.kind === 'unusable'
    ? { kind: files.problem.kind, ...describeImageProblem(files.problem) }
    : null;
}

function seenJson({ hierarchies, releases, record }: SeenFiles) {
  return {
    protection: record?.protection ?? null,
    extensions: releases.flatMap(({ extensionClass: { name }, release }) => {
      return isAbsent(release) ? [] : [{ class: name, ...releaseJson(release) }];
    }),
    hierarchies: hierarchies.map((one) => ({ ...one })),
  };
}

function isAbsent(release: ReleaseFile): boolean {
  return release.kind === 'missing' && release.others.length === 0;
}

function releaseJson(release: ReleaseFile) {
  return {
    releaseFile: 'path' in release ? release.path : null,
    state: release.kind,
    fields: release.kind === 'found' ? Object.fromEntries(release.fields) : null,
    others:
      release.kind === 'missing' ? release.others : release.kind === 'ambiguous' ? release.candidates : [],
  };
}
