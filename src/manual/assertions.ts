import { type AssertionKind, DEFAULT_SECONDS, FORMS } from '../expect/assertion.js';
import { REASON_WORDS } from '../report/explanation/reasons.js';
import { enumerate, item, literals, type Section, section, type Text } from './document.js';

/** What `expect` can be told, and how. */
export function assertions(): Section {
  const kinds = Object.keys(FORMS) as AssertionKind[];
  return section(
    'ASSERTIONS',
    'An assertion of the command `expect` is a word that says what it is about, and what belongs to it, separated by blanks. What has a blank in it stands in quotes of either kind. Paths are absolute.',
    ...kinds.map((kind) => item(literals(FORMS[kind].split(', ')).join(', '), ...TEXTS[kind])),
    `The reasons are those of \`explain --json=\`. A release file does not fit: ${enumerate(literals(REASON_WORDS.unfit))}. An image file cannot be used: ${enumerate(literals(REASON_WORDS.unusable))}. An entry of a search directory gives no image: ${enumerate(literals(REASON_WORDS.noImage))}. Others were chosen: ${enumerate(literals(REASON_WORDS.notChosen))}. Any of a kind: ${enumerate(literals(REASON_WORDS.fates))}.`,
  );
}

const TEXTS: Readonly<Record<AssertionKind, readonly Text[]>> = {
  merged: ['The extension is merged now, into at least one hierarchy.'],
  'not-merged': ['It is not, whether it is installed or not.'],
  ignored: ['It is installed and not merged, because it does not fit, cannot be used or is switched off.'],
  file: [
    'There is a file, directory or symbolic link; what is seen there is of that extension, or of the host and no extension. Of a directory that several layers have each of them counts. An extension that is called `host` is written `extension:host`. What lies under a merge is only shown to root.',
  ],
  'no-file': ['There is nothing at that path.'],
  command: [
    `The program is found through \`PATH\`, or is that path, and may be executed. With \`works\` it is run with its arguments, never by a shell, and has to end with exit status 0 in time, which is ${DEFAULT_SECONDS} seconds without \`within\`.`,
  ],
  writable: [
    'What is mounted there can be written to, or is read-only. The kernel is asked, and nothing is changed; who may write there does not matter.',
  ],
  unit: [
    'What the service manager, systemd or OpenRC, says of a unit; without a type it is a service. Where none runs it cannot be told.',
  ],
};
