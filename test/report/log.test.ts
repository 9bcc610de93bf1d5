import { LEVELS, parseLevel } from '../../src/report/log.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';

let sources: CompiledSources;
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());

/** Standard error of a process that logs one message at each level. */
function log(settings: string, message = 'message', through: readonly string[] = []) {
  return sources.run(
    `import { openLog } from '${sources.module('report/log.js')}';
     const log = await openLog(${settings});
     for (const level of ['err', 'warning', 'notice', 'info', 'debug'])
       log[level](level + ' ' + ${JSON.stringify(message)}, { extension: 'foo' });
     console.log('end');`,
    { through },
  );
}

test('text is the message alone, from the wanted level on', () => {
  const { stdout, stderr } = log("{ level: 'notice', format: 'text' }");
  expect([stdout, stderr]).toEqual(['end\n', 'err message\nwarning message\nnotice message\n']);
});

test('what changes the terminal is escaped', () => {
  expect(log("{ level: 'err', format: 'text' }", 'a\x1b[2J\n\u202e').stderr).toBe(
    'err a\\x1b[2J\\n\\u202e\n',
  );
});

test('JSON is an object a line, with the fields and the name of the level', () => {
  const lines = log("{ level: 'debug', format: 'json' }", 'a\nb').stderr.trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toHaveLength(5);
  expect(records[0]).toMatchObject({ level: 'err', msg: 'err a\nb', extension: 'foo' });
  expect(records[0]?.['time']).toMatch(/^\d{4}-\d\d-\d\dT/);
  expect(records.map(({ level }) => level)).toEqual(['err', 'warning', 'notice', 'info', 'debug']);
});

test('levels above all that is said', () => {
  expect(log("{ level: 'emerg', format: 'text' }").stderr).toBe('');
});

function logInto(redirection: string) {
  const through = ['sh', '-c', `exec "$@" ${redirection}`, 'sh'];
  const { stdout, status } = log("{ level: 'info', format: 'text' }", 'x', through);
  return [stdout, status];
}

test('standard error that is closed stops nothing', () => {
  expect(logInto('2>&-')).toEqual(['end\n', 0]);
});

test('standard error on a disk that is full stops nothing', () => {
  expect(logInto('2>/dev/full')).toEqual(['end\n', 0]);
});

test('a level by its name or number', () => {
  LEVELS.forEach((level, number) => {
    expect(parseLevel(level)).toBe(level);
    expect(parseLevel(level.toUpperCase())).toBe(level);
    expect(parseLevel(String(number))).toBe(level);
  });
  for (const text of ['', '8', '-1', '01', 'x', ' info', 'info ', '__proto__', 'constructor', 'error'])
    expect(parseLevel(text)).toBeNull();
});
