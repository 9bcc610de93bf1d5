import { CODES, type FindingCode } from '../../check/codes.js';
import type { Finding } from '../../check/finding.js';
import type { Image } from '../../images/image.js';
import { isFile } from '../../images/image.js';
import { WORDS } from '../findings/words.js';
import type { Json } from '../json.js';
import { printable } from '../printable.js';
import { type Checked, type CheckReport, caveatOf } from './checked.js';
import { describeCaveat, describeUnchecked, tell } from './sentences.js';

/**
 * The findings in the Static Analysis Results Interchange Format 2.1.0 (OASIS), which code hosts and editors read. Section
 * numbers below are those of that standard.
 */
export function checkSarif({ images }: CheckReport, version: string): Json {
  const rules = (Object.keys(CODES) as FindingCode[]).filter((code) =>
    images.some(
      ({ outcome }) =>
        outcome.kind === 'checked' && outcome.findings.findings.some((one) => one.code === code),
    ),
  );
  const untold = images.filter(({ outcome }) => outcome.kind !== 'checked' || outcome.forbidden.length > 0);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'sysext', semanticVersion: version, rules: rules.map(ruleJson) } },
        invocations: [
          {
            executionSuccessful: untold.length === 0,
            toolExecutionNotifications: [
              ...untold.map((checked) => ({
                level: 'error',
                message: messageOf(describeUnchecked(checked)),
              })),
              ...images.flatMap(({ image, outcome }) => {
                const caveat = caveatOf(outcome);
                const message = `${printable(image.entry)}: `;
                return caveat === null
                  ? []
                  : [{ level: 'note', message: messageOf(message + describeCaveat(caveat)) }];
              }),
            ],
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: images.flatMap((checked) => resultsOf(checked, rules)),
      },
    ],
  };
}

/** 3.49 reportingDescriptor */
function ruleJson(code: FindingCode): Json {
  const { title, explanation } = WORDS[code];
  return {
    id: code,
    shortDescription: messageOf(`${title}.`),
    fullDescription: messageOf(explanation),
    help: messageOf(explanation),
    defaultConfiguration: { level: CODES[code] },
  };
}

/** 3.27 result */
function resultsOf({ image, outcome }: Checked, rules: readonly FindingCode[]): Json[] {
  if (outcome.kind !== 'checked') return [];
  return outcome.findings.findings.map((finding) => {
    const { message, remedy } = tell(finding);
    const inside = finding.path;
    return {
      ruleId: finding.code,
      ruleIndex: rules.indexOf(finding.code),
      level: finding.severity,
      message: messageOf(`${capital(message)}. What to do: ${remedy}.`),
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: uriOf(placeOf(image, finding)) } },
          ...(inside === null
            ? {}
            : { logicalLocations: [{ fullyQualifiedName: inside, kind: 'resource' }] }),
        },
      ],
    };
  });
}

/** The file on this machine that a finding is about: one of a directory, or the image as a whole. As it was named. */
export function placeOf(image: Image, { path }: Pick<Finding, 'path'>): string {
  return path === null || isFile(image) ? image.entry : `${image.entry.replace(/\/+$/, '')}${path}`;
}

/** 3.10.1: a valid URI, relative to where the program was called for a relative path. */
export function uriOf(path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

/** 3.11.5: braces are placeholders unless they are doubled; 3.11.6: brackets before a parenthesis are a link. */
export function messageOf(text: string): Json {
  const plain = text.replace(/[{}]/g, '$&$&');
  return { text: plain.includes('](') ? plain.replace(/[[\]]/g, '\\$&') : plain };
}

function capital(text: string): string {
  return text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
