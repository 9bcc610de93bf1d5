import { LEVELS, type LogSettings, parseLevel } from '../../src/report/log.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';

let sources: CompiledSources;
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());

/** A process that logs one message at each level, for each of the settings; the last line of each is `end`. */
function log(
  cases: readonly (LogSettings & { readonly message?: string })[],
  through: readonly string[] = [],
) {
  return sources.run(
    `import { writeSync } from 'node:fs';
     import { openLog } from '${sources.module('report/log.js')}';
     for (const { message = 'message', ...settings } of ${JSON.stringify(cases)}) {
       const log = await openLog(settings);
       for (const level of ['err', 'warning', 'notice', 'info', 'debug'])
         log[level](level + ' ' + message, { extension: 'foo' });
       if (${through.length === 0}) writeSync(2, 'end\\n');
     }
     console.log('end');`,
    { through },
  );
}

test('what is said at which level and in which format', () => {
  const { stdout, stderr } = log([
    { level: 'notice', format: 'text' },
    { level: 'err', format: 'text', message: 'a\x1b[2J\n\u202e' },
    { level: 'emerg', format: 'text' },
    { level: 'debug', format: 'json', message: 'a\nb' },
  ]);
  expect(stdout).toBe('end\n');
  const [text, hostile, silent, json = ''] = stderr.split('end\n');
  // Text is the message alone, from the wanted level on.
  expect(text).toBe('err message\nwarning message\nnotice message\n');
  // What changes the terminal is escaped.
  expect(hostile).toBe('err a\\x1b[2J\\n\\u202e\n');
  // Levels above all that is said.
  expect(silent).toBe('');
  // JSON is an object a line, with the fields and the name of the level.
  const records = json
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toHaveLength(5);
  expect(records[0]).toMatchObject({ level: 'err', msg: 'err a\nb', extension: 'foo' });
  expect(records[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(records.map(({ level }) => level)).toEqual(['err', 'warning', 'notice', 'info', 'debug']);
});

test.each(['2>&-', '2>/dev/full'])(
  'standard error that is closed or full stops nothing: %s',
  (redirection) => {
    const through = ['sh', '-c', `exec "$@" ${redirection}`, 'sh'];
    const { stdout, status } = log([{ level: 'info', format: 'text', message: 'x' }], through);
    expect([stdout, status]).toEqual(['end\n', 0]);
  },
);

test('a level by its name or number', () => {
  LEVELS.forEach((level, number) => {
    expect(parseLevel(level)).toBe(level);
    expect(parseLevel(level.toUpperCase())).toBe(level);
    expect(parseLevel(String(number))).toBe(level);
  });
  for (const text of ['', '8', '-1', '01', 'x', ' info', 'info ', '__proto__', 'constructor', 'error'])
    expect(parseLevel(text)).toBeNull();
});
