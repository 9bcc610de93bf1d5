import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT } from '../../src/extension-class.js';
import {
  claimPartial,
  completePartial,
  isKept,
  keyOfDownload,
  partialFile,
  recordPartial,
  sizeOfPartial,
} from '../../src/install/partial.js';
import { findAbandoned, placesOf } from '../../src/install/places.js';
import { makeStage } from '../../src/install/stage.js';

const MARK = { etag: '"1"', modified: null, length: 10 };
const KEY = keyOfDownload(new URL('http://example.com/a_1.raw'), null);
const DAY = 24 * 60 * 60;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'partial-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a call that has ended has left in a directory. @returns its path */
function leave(content: string, key = KEY, number = 0, place = directory): string {
  const stage = join(place, `.#sysext-999999999-1-${number}`);
  mkdirSync(stage, { recursive: true });
  writeFileSync(partialFile(stage), content);
  recordPartial(stage, { key, mark: MARK });
  return stage;
}

const claim = (stage: string, key = KEY, needsSameBoot = true) =>
  claimPartial([directory], stage, key, needsSameBoot);

test('the same file is that with the same checksum, or at the same address, whatever the password', () => {
  const url = (text: string) => keyOfDownload(new URL(text), null);
  expect(url('http://me:secret@example.com/a_1.raw')).toBe(KEY);
  expect(url('http://example.com/a_1.raw?token')).not.toBe(KEY);
  expect(keyOfDownload(new URL('http://example.org/'), 'f'.repeat(64))).toBe('f'.repeat(64));
});

test('a call takes over what one that has ended has left of the same file', () => {
  const left = leave('12345');
  leave('other', 'f'.repeat(64), 1);
  const stage = makeStage(directory);
  expect(claim(stage)).toMatchObject({ mark: MARK });
  expect([existsSync(left), sizeOfPartial(stage)]).toEqual([false, 5]);
  expect(claim(makeStage(directory))).toBeNull();
  completePartial(stage, join(stage, 'a.raw'));
  expect(readdirSync(stage)).toEqual(['a.raw']);
});

test('nothing is taken from one that is still at work', () => {
  const other = makeStage(directory);
  writeFileSync(partialFile(other), '12345');
  recordPartial(other, { key: KEY, mark: MARK });
  expect(claim(makeStage(directory))).toBeNull();
});

test('after a restart of the machine only what a checksum will tell of, and the other goes', () => {
  const before = leave('12345');
  const record = join(before, '.part.json');
  const restart = () =>
    writeFileSync(
      record,
      JSON.stringify({ ...(JSON.parse(readFileSync(record, 'utf8')) as object), boot: 'x' }),
    );
  restart();
  expect(claim(makeStage(directory))).toBeNull();
  expect(existsSync(before)).toBe(false);
  leave('12345');
  restart();
  expect(claim(makeStage(directory), KEY, false)).toMatchObject({ mark: MARK });
});

test('it is kept for a week, if there is something to go on with', () => {
  const place = join(directory, 'var/lib/confexts');
  const abandoned = () => findAbandoned(directory, placesOf(CONFEXT.searchPath), []);
  const stage = leave('12345', KEY, 0, place);
  const age = (days: number) => {
    const then = Date.now() / 1000 - days * DAY;
    utimesSync(partialFile(stage), then, then);
  };
  age(6);
  expect([isKept(stage), abandoned()]).toEqual([true, []]);
  for (const days of [8, -8]) {
    age(days);
    expect([isKept(stage), abandoned()]).toEqual([false, [stage]]);
  }
  leave('', KEY, 0, place);
  expect(abandoned()).toEqual([stage]);
  leave('12345', KEY, 0, place);
  for (const damaged of ['', 'null', '[]', '{"key":1}']) {
    writeFileSync(join(stage, '.part.json'), damaged);
    expect([sizeOfPartial(stage), abandoned()]).toEqual([0, [stage]]);
  }
  recordPartial(stage, null);
  expect(abandoned()).toEqual([stage]);
});
