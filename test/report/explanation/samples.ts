import { CLASSES } from '../../../src/extension-class.js';
import type { Image, PassedOver } from '../../../src/images/image.js';
import type { CheckRule } from '../../../src/release/check.js';
import type { HostRelease } from '../../../src/release/host-release.js';
import { type Judgement, traceRelease } from '../../../src/release/matching.js';
import type { ReleaseFile } from '../../../src/release/release-file.js';
import type { Candidate, ExplainedHost, Explanation } from '../../../src/report/explanation/candidate.js';

export const IMAGE: Image = {
  kind: 'directory',
  name: 'foo',
  path: '/var/lib/extensions/foo',
  entry: '/var/lib/extensions/foo',
  label: 'foo',
  time: 0n,
  versions: null,
};

/** Of `ID=… VERSION_ID=…`. */
export function fields(line: string): ReadonlyMap<string, string> {
  return new Map(line.split(' ').map((word) => word.split('=') as [string, string]));
}

export function host(line: string, label = '/etc/os-release'): ExplainedHost {
  const release: HostRelease = {
    path: label,
    fields: fields(line),
    problems: [],
    architecture: 'x86-64',
    scope: 'system',
  };
  return { label, release };
}

export const HOST = host('ID=debian VERSION_ID=13');

/** The release file of an extension, and what follows from it on a host. */
export function judgement(line: string, on = HOST): Judgement {
  const path = '/usr/lib/extension-release.d/extension-release.foo';
  const release: ReleaseFile = {
    kind: 'found',
    path,
    fileName: 'extension-release.foo',
    via: 'name',
    fields: fields(line),
    problems: [],
  };
  return { release, ...traceRelease(release.fields, on.release, CLASSES.sysext) };
}

/** A directory with that release file. */
export function extension(name: string, line: string, hosts = [HOST]): Candidate & { kind: 'image' } {
  const judgements = hosts.map((on) => judgement(line, on));
  return candidate(name, { kind: 'judged', isMask: false, protection: [], judgements });
}

export function candidate(
  name: string,
  findings: (Candidate & { kind: 'image' })['findings'],
): Candidate & { kind: 'image' } {
  const path = `/var/lib/extensions/${name}`;
  return {
    kind: 'image',
    image: { ...IMAGE, name, path, entry: path, label: name },
    isInstalled: true,
    findings,
  };
}

export const MASK = candidate('quiet', {
  kind: 'judged',
  isMask: true,
  protection: [],
  judgements: [
    {
      release: { kind: 'missing', wanted: '/x', others: [], getfattrMissing: false },
      verdict: { kind: 'no-release-file', wanted: '/x', others: [], getfattrMissing: false },
      checks: [],
    },
  ],
});

export const BROKEN = candidate('broken', { kind: 'unusable', problem: { kind: 'changed' } });

export const passedOver = (one: PassedOver): Candidate => ({ kind: 'passed-over', passedOver: one });

export const explanation = (candidates: readonly Candidate[], hosts = [HOST]): Explanation => ({
  hosts,
  searched: ['/etc/extensions', '/var/lib/extensions'],
  candidates,
});

/** Every rule by which a comparison can come out, once, with a check that it belongs to. */
export const ALL_RULES: Readonly<Record<CheckRule, 'scope' | 'architecture' | 'id' | 'level' | 'version'>> = {
  same: 'version',
  other: 'id',
  any: 'id',
  'not-set': 'architecture',
  listed: 'scope',
  'not-listed': 'scope',
  'default-scope': 'scope',
  missing: 'id',
  like: 'id',
  'one-sided': 'level',
  rolling: 'version',
  'host-has-none': 'version',
};
