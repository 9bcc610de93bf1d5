import { printable } from '../printable.js';
import type { Expectation, Result, Verdict } from './result.js';
import { describePlace } from './syntax.js';
import { wordsOf } from './words.js';

/**
 * JUnit's XML, as GitLab, Jenkins and others read it (the schema of the Ant task junit, with `testsuites` around it): one test case
 * an assertion. What does not hold is a failure, what cannot be told an error.
 */
export function expectJunit(expectation: Expectation): string {
  const { results, extensionClass } = expectation;
  const count = (wanted: Verdict) => results.filter(({ verdict }) => verdict === wanted).length;
  const counts = attributes({
    name: `${extensionClass.name} expect`,
    tests: String(results.length),
    failures: String(count('fails')),
    errors: String(count('untold')),
  });
  const cases = results.flatMap((result) => testCase(result, expectation));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${counts}>`,
    `  <testsuite${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(result: Result, expectation: Expectation): string[] {
  const { stated, verdict } = result;
  const names = attributes({
    name: stated.text,
    classname: `${expectation.extensionClass.name}.expect.${stated.assertion.kind}`,
  });
  if (verdict === 'holds') return [`    <testcase${names}/>`];
  const { found, advice } = wordsOf(result, expectation);
  const text = [
    `${found}.`,
    ...(advice === null ? [] : [`What to do: ${advice}.`]),
    describePlace(stated.place),
  ];
  const element = verdict === 'fails' ? 'failure' : 'error';
  const about = attributes({ message: found, type: verdict });
  return [
    `    <testcase${names}>`,
    `      <${element}${about}>${escapeXml(text.join('\n'))}</${element}>`,
    '    </testcase>',
  ];
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(printable(value))}"`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Control characters, which XML 1.0 has no way to write, were escaped by printable(); what else it does not allow is replaced. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!)
    .replace(/[\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
}
