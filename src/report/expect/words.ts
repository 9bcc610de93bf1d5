import { callAgain, plainWord } from '../explain-hint.js';
import { answerOf } from '../explanation/advice.js';
import { ruleOf } from '../explanation/rule.js';
import { describeFound as describeLayers } from '../layers/which.js';
import { enumerate } from '../layers/words.js';
import { printable, quoted } from '../printable.js';
import { describeCommand } from './command.js';
import type { Expectation, Found, Result, WhyNot } from './result.js';
import { describeUnit } from './unit.js';

/** What was found, and what to do or to type next where that is not what was asserted; both without a full stop. */
export interface Words {
  readonly found: string;
  readonly advice: string | null;
}

/** The words for a result; there is no advice for one that holds. */
export function wordsOf(result: Result, expectation: Expectation): Words {
  const { found, advice } = describe(result.found, expectation);
  return {
    found: printable(found),
    advice: result.verdict === 'holds' || advice === null ? null : printable(advice),
  };
}

function describe(found: Found, expectation: Expectation): Words {
  switch (found.kind) {
    case 'merged': {
      const { extension, hierarchies } = found;
      const advice = `remove it from where it is installed, and run '${again(expectation, 'refresh')}'`;
      return { found: `${quoted(extension)} is merged into ${enumerate(hierarchies.map(quoted))}`, advice };
    }
    case 'not-merged':
      return describeWhyNot(found.extension, found.why, expectation);
    case 'layers': {
      const [first = '', ...more] = describeLayers(found.found, expectation.extensionClass);
      const text = [first, ...more.map((line) => line.trim())].join(' ').replace(/\.$/, '');
      return { found: text, advice: `'${again(expectation, 'which', found.found.asked)}' tells more` };
    }
    case 'exists':
      return {
        found: `${quoted(found.path)} is a ${found.type}`,
        advice: `'${again(expectation, 'which', found.path)}' tells whose it is`,
      };
    case 'absent':
      return {
        found: `${quoted(found.path)} does not exist`,
        advice: `'${again(expectation, 'status')}' tells what is merged`,
      };
    case 'forbidden':
      return found.code === 'ELOOP'
        ? { found: `the symlinks of ${quoted(found.path)} run in circles`, advice: null }
        : { found: `you may not look at ${quoted(found.path)}`, advice: 'run this as root' };
    case 'writable':
      return {
        found: found.value
          ? `${quoted(found.path)} can be written to`
          : `${quoted(found.path)} is mounted read-only`,
        advice: found.value
          ? `'${again(expectation, '--mutable=no', 'refresh')}' merges read-only`
          : `'${again(expectation, '--mutable=yes', 'refresh')}' merges writable`,
      };
    case 'unit':
    case 'no-manager':
    case 'unit-untold':
    case 'no-unit-name':
      return describeUnit(found);
    default:
      return describeCommand(found);
  }
}

function describeWhyNot(extension: string, why: WhyNot, expectation: Expectation): Words {
  const name = quoted(extension);
  switch (why.kind) {
    case 'not-asked':
      return { found: `${name} is not merged`, advice: null };
    case 'not-installed':
      return {
        found: `${name} is not merged, and not installed`,
        advice: `'${again(expectation, 'list')}' tells what is`,
      };
    case 'fits':
      return {
        found: `${name} is not merged, though it fits`,
        advice: `'${again(expectation, 'refresh')}' merges what fits, unless others were chosen`,
      };
    case 'candidate': {
      const { candidate } = why;
      const answer = answerOf(candidate, 0, expectation.extensionClass.releaseDirectory);
      const problem = answer === null ? '' : `: ${answer.problem}`;
      return {
        found: `${name} is not merged (${ruleOf(candidate, 0)})${problem}`,
        advice: answer?.remedy ?? `'${again(expectation, 'explain', extension)}' tells more`,
      };
    }
  }
}

/** The command line that calls the program once more, for the same class and root. */
function again({ program, extensionClass, root }: Expectation, ...words: readonly string[]): string {
  return callAgain({ program, extensionClass, root }, words.map(plainWord));
}
