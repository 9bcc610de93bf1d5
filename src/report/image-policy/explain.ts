import type { PolicySource } from '../../config/image-policy.js';
import type { ExtensionClass } from '../../extension-class.js';
import type { Image } from '../../images/image.js';
import type { ImageFacts } from '../../images/policy/facts.js';
import { formatImagePolicy, formatLongImagePolicy } from '../../images/policy/format.js';
import { judgeImage } from '../../images/policy/judge.js';
import type { ImagePolicy } from '../../images/policy/policy.js';
import { SAMPLES, type Sample, type SampleProtection } from '../../images/policy/samples.js';
import { formatJson, type Json, type JsonFormat } from '../json.js';
import { quoted } from '../printable.js';
import { describeRules, rulesToJson } from './rules.js';
import { describeTraps, trapsToJson } from './traps.js';
import { describePolicyVerdict, explainPolicyForImage } from './verdict.js';

/** A policy, and who asks for it. */
export interface ExplainedPolicy {
  readonly policy: ImagePolicy;
  readonly source: PolicySource | { readonly from: 'argument' };
  readonly extensionClass: ExtensionClass;
  /** The policy for images in the places of an initrd that nobody protects; `null` where that does not count. */
  readonly untrusted: ImagePolicy | null;
}

/** A policy in words for who never met one, or as JSON. */
export function policyReport(explained: ExplainedPolicy, json: JsonFormat): string {
  return json === 'off' ? `${explain(explained).join('\n')}\n` : formatJson(toJson(explained), json);
}

/** What a policy does to one image. @param facts `null` for a directory */
export function policyForImageReport(
  { policy, source, extensionClass }: ExplainedPolicy,
  { name, path }: Image,
  facts: ImageFacts | null,
  json: JsonFormat,
): string {
  const directory = 'Used; image policies are not about directories.';
  const { lines, json: data } =
    facts === null
      ? { lines: [directory], json: { text: directory, verdict: 'accepted' } }
      : explainPolicyForImage(policy, facts);
  const text = formatImagePolicy(policy);
  if (json !== 'off')
    return formatJson({ policy: text, from: source.from, name, path, ...(data as object) }, json);
  const head = `Image policy ${quoted(text)}, ${describeSource(source, extensionClass)}, for ${quoted(path)}:`;
  return [head, ...lines.map(indent)].map((line) => `${line}\n`).join('');
}

function explain({ policy, source, extensionClass, untrusted }: ExplainedPolicy): string[] {
  const traps = describeTraps(policy);
  return [
    `Image policy ${quoted(formatImagePolicy(policy))}, ${describeSource(source, extensionClass)}.`,
    ...(untrusted === null
      ? []
      : [`Images below /.extra are held to ${quoted(formatImagePolicy(untrusted))} instead.`]),
    '',
    'Partitions of a disk image:',
    ...describeRules(policy).map(indent),
    '',
    'What happens to an image:',
    ...SAMPLES.map((sample) =>
      indent(`${describeSample(sample)}: ${describePolicyVerdict(judgeImage(policy, sample.facts))}.`),
    ),
    indent('a directory: used; image policies are not about directories.'),
    ...(traps.length === 0 ? [] : ['', 'Mind:', ...traps.map(indent)]),
  ];
}

function toJson({ policy, source, extensionClass, untrusted }: ExplainedPolicy): Json {
  return {
    policy: formatImagePolicy(policy),
    long: formatLongImagePolicy(policy),
    class: extensionClass.name,
    from: source.from,
    file: source.from === 'setting' ? source.setting.file : null,
    line: source.from === 'setting' ? source.setting.line : null,
    untrusted: untrusted === null ? null : formatImagePolicy(untrusted),
    partitions: rulesToJson(policy),
    images: SAMPLES.map((sample) => ({
      image: describeSample(sample),
      layout: sample.layout,
      data: sample.data,
      protection: sample.protection,
      ...(explainPolicyForImage(policy, sample.facts).json as { readonly [key: string]: Json }),
    })),
    warnings: trapsToJson(policy),
  };
}

function describeSource(source: ExplainedPolicy['source'], { name }: ExtensionClass): string {
  switch (source.from) {
    case 'argument':
      return 'as given';
    case 'option':
      return 'in force by --image-policy=';
    case 'setting':
      return `in force by ImagePolicy= in ${quoted(source.setting.file)}, line ${source.setting.line}`;
    case 'default':
      return `in force as the default of ${name}`;
  }
}

function describeSample({ layout, data, protection }: Sample): string {
  if (layout === 'bare') return `a bare file system${BARE[protection]}`;
  return `a disk image with ${data}${DISK[protection]}`;
}

const BARE: Readonly<Record<SampleProtection, string>> = {
  unprotected: ', such as a squashfs file',
  verity: ' with a hash tree beside it',
  signed: ' with a hash tree and a signature beside it',
  encrypted: ' that is encrypted',
};

const DISK: Readonly<Record<SampleProtection, string>> = {
  unprotected: ', unprotected',
  verity: ' and its hash tree',
  signed: ', its hash tree and a signature',
  encrypted: ', encrypted',
};

function indent(text: string): string {
  return `  ${text}`;
}
