/** What a script in the machine found about one thing. */
export interface Check {
  readonly text: string;
  readonly kind: 'passed' | 'failed' | 'skipped';
  /** What the failed command said, or why it was skipped. */
  readonly details: string;
}

/** What one script in the machine reported. */
export interface ScriptReport {
  readonly name: string;
  readonly checks: readonly Check[];
  /** It came to its end, without an error, and has made all the checks that it announced. */
  readonly isComplete: boolean;
  /** What it said besides. */
  readonly rest: string;
}

/** Reads the report of `scripts/vm.sh run`: TAP 14, one subtest a script, its lines indented by four spaces. */
export function readReport(text: string): ScriptReport[] {
  const [, ...sections] = text.replaceAll('\r', '').split(/^# Subtest: /m);
  return sections.map(readSection);
}

function readSection(section: string): ScriptReport {
  const [name = '', ...lines] = section.split('\n');
  const own = lines.filter((line) => line.startsWith('    ')).map((line) => line.slice(4));
  const checks: Check[] = [];
  const rest: string[] = [];
  let planned: number | null = null;
  for (const line of own) {
    const [, no, text, reason] = /^(not )?ok \d+ - (.*?)(?: # SKIP (.*))?$/.exec(line) ?? [];
    const last = checks.at(-1);
    if (text !== undefined) {
      const kind = no !== undefined ? 'failed' : reason !== undefined ? 'skipped' : 'passed';
      checks.push({ text, kind, details: reason ?? '' });
    } else if (/^1\.\.\d+$/.test(line)) planned = Number(line.slice(3));
    else if (line.startsWith('# ') && last !== undefined)
      checks[checks.length - 1] = { ...last, details: `${last.details}${line.slice(2)}\n` };
    else rest.push(line);
  }
  const isComplete = planned === checks.length && lines.some((line) => /^ok \d+ - /.test(line));
  return { name, checks, isComplete, rest: rest.join('\n') };
}
