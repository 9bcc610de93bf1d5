import { CODES, type FindingCode } from '../../check/codes.js';
import { WORDS } from '../findings/words.js';
import type { Json } from '../json.js';
import { type Checked, type CheckReport, isHost } from './checked.js';
import { commandLineOf, purposeOf } from './follow-ups.js';
import { describeCaveat, describeNoHost, describeUnchecked, pageOf, tell } from './sentences.js';

/** The findings as JSON, by docs/schema/check-1.json. */
export function checkJson({ extensionClass, images }: CheckReport): Json {
  const used = new Set(images.flatMap(({ outcome }) => codesOf(outcome)));
  return {
    schema: 'check-1',
    class: extensionClass.name,
    images: images.map(imageJson),
    codes: (Object.keys(CODES) as FindingCode[])
      .filter((code) => used.has(code))
      .map((code) => ({
        code,
        severity: CODES[code],
        title: WORDS[code].title,
        explanation: WORDS[code].explanation,
        page: pageOf(code),
      })),
  };
}

function codesOf(outcome: Checked['outcome']): FindingCode[] {
  return outcome.kind === 'checked' ? outcome.findings.findings.map(({ code }) => code) : [];
}

function imageJson(checked: Checked): Json {
  const { image, outcome } = checked;
  const { name, path, kind: type } = image;
  const base = { name, path, type, status: outcome.kind };
  if (outcome.kind !== 'checked') {
    const { problem, remedy } = outcome.answer;
    return { ...base, problem, remedy, against: null, findings: [], more: [], forbidden: [], afterwards: [] };
  }
  const { findings, against, forbidden, followUps } = outcome;
  return {
    ...base,
    problem: forbidden.length > 0 ? describeUnchecked(checked) : null,
    remedy: null,
    against: isHost(against)
      ? {
          root: against.root,
          release: against.path,
          fields: against.fields,
          reason: null,
          caveat: against.caveat === null ? null : describeCaveat(against.caveat),
        }
      : { root: null, release: null, fields: null, reason: describeNoHost(against), caveat: null },
    findings: findings.findings.map((finding) => {
      const { code, severity, path: inside, detail } = finding;
      const { message, remedy } = tell(finding);
      return { code, severity, path: inside, message, remedy, detail };
    }),
    more: findings.more.map(({ code, severity, count }) => ({ code, severity, count })),
    forbidden,
    afterwards: followUps.map((one) => ({
      reader: one.reader,
      command: one.command,
      commandLine: commandLineOf(one),
      text: purposeOf(one),
      path: one.path,
      count: one.count,
      done: one.isDone,
      writes: one.writes,
    })),
  };
}
