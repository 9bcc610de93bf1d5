import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { checkImageName } from '../../src/images/image-name.js';
import { findAbandoned, placesOf } from '../../src/install/places.js';
import { findStages, makeStage, removeStage } from '../../src/install/stage.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stage-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('each has a name of its own that is that of a temporary file, and is of a call that is at work', () => {
  const [one, two] = [makeStage(directory), makeStage(directory)];
  expect(one).not.toBe(two);
  expect(checkImageName(basename(one))).toEqual({ kind: 'temporary' });
  expect(findStages(directory)).toEqual([]);
  removeStage(one);
  removeStage(two);
  expect(readdirSync(directory)).toEqual([]);
});

test('that of a process which has ended, or has its number now, is abandoned', () => {
  const ended = spawnSync('true').pid;
  mkdirSync(join(directory, `.#sysext-${ended}-1-0`));
  writeFileSync(join(directory, `.#sysext-${process.pid}-1-0`), '');
  for (const other of ['.#sysext-1', '.#foo', 'foo', '.#disabled', `.#sysext-${process.pid}-x-0`])
    mkdirSync(join(directory, other));
  expect(findStages(directory).map((path) => basename(path))).toEqual(
    [`.#sysext-${ended}-1-0`, `.#sysext-${process.pid}-1-0`].sort(),
  );
  expect(findStages(join(directory, 'missing'))).toEqual([]);
});

test('all places are looked at, and the versioned directories in them', () => {
  const places = placesOf(SYSEXT.searchPath);
  const abandoned = [
    'etc/extensions',
    'run/extensions',
    'var/lib/extensions',
    'var/lib/extensions/a.raw.v',
  ].map((path) => join(directory, path, '.#sysext-999999999-1-0'));
  for (const path of abandoned) mkdirSync(path, { recursive: true });
  mkdirSync(join(directory, 'var/lib/extensions/a/.#sysext-999999999-1-0'), { recursive: true });
  expect(findAbandoned(directory, places, []).sort()).toEqual(abandoned.sort());
  expect(existsSync(abandoned[0]!)).toBe(true);
});

test('where each class has its places', () => {
  expect(placesOf(SYSEXT.searchPath)).toEqual({
    images: '/var/lib/extensions',
    switches: '/etc/extensions',
    runtime: '/run/extensions',
  });
  expect(placesOf(CONFEXT.searchPath)).toEqual({
    images: '/var/lib/confexts',
    switches: '/var/lib/confexts',
    runtime: '/run/confexts',
  });
  for (const { initrdSearchPath } of [SYSEXT, CONFEXT])
    expect(placesOf(initrdSearchPath).images).toMatch(/^\/var\/lib\//);
});
