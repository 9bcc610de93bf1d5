import type { ExtensionClass } from '../../extension-class.js';
import { formatJson, type JsonFormat } from '../json.js';
import { printable } from '../printable.js';
import { formatTable } from '../table.js';
import { type Candidate, type Explanation, fateOf } from './candidate.js';
import { explanationJson } from './json.js';
import { describeCandidate, nameOf } from './text.js';

/** What becomes of each candidate, in words for who never met the idea, or as JSON; of several hosts, a matrix first. */
export async function explanationReport(
  explanation: Explanation,
  extensionClass: ExtensionClass,
  json: JsonFormat,
): Promise<string> {
  if (json !== 'off') return formatJson(explanationJson(explanation, extensionClass), json);
  const { hosts, candidates } = explanation;
  if (candidates.length === 0) return `No ${extensionClass.noun} found.\n`;
  const blocks = hosts.map(async (_, index) => {
    const head = `For ${describeHost(explanation, index)}:\n\n`;
    const texts: string[] = [];
    for (const candidate of candidates) texts.push(await describeCandidate(candidate, index, extensionClass));
    return head + texts.join('\n');
  });
  const matrix = hosts.length > 1 ? [await formatMatrix(explanation)] : [];
  return [...matrix, ...(await Promise.all(blocks))].join('\n');
}

/** `/etc/os-release: ID=debian VERSION_ID=12, x86-64, system`. */
function describeHost({ hosts }: Explanation, index: number): string {
  const { label, release } = hosts[index]!;
  const fields = ['ID', 'ID_LIKE', 'VERSION_ID', 'SYSEXT_LEVEL', 'CONFEXT_LEVEL'].flatMap((field) => {
    const value = release.fields.get(field);
    return value ? [`${field}=${value}`] : [];
  });
  return printable(`${label} (${fields.join(' ')}; ${release.architecture}, ${release.scope})`);
}

async function formatMatrix({ hosts, candidates }: Explanation): Promise<string> {
  const images = candidates.filter(({ kind }) => kind === 'image');
  const row = (candidate: Candidate) => [
    nameOf(candidate),
    ...hosts.map((_, host) => fateOf(candidate, host)),
  ];
  return formatTable(['EXTENSION', ...hosts.map(({ label }) => label)], images.map(row));
}
