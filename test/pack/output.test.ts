import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFEXT, SYSEXT } from '../../src/extension-class.js';
import { putInPlace } from '../../src/host/put-in-place.js';
import { checkOutside, chooseOutput, discard } from '../../src/pack/output.js';
import { PackError } from '../../src/pack/problem.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'output-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const choose = (name: string, isDirectory = false) =>
  chooseOutput(join(directory, name), isDirectory, SYSEXT);
const problem = (action: () => unknown): unknown => {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof PackError) return error.problem.kind;
    throw error;
  }
};

test.each([
  ['a.raw', 'a'],
  ['a.sysext.raw', 'a'],
  ['a_1.2.raw', 'a'],
  ['a_b_1.31.5+k3s1.raw', 'a_b'],
  ['a_tools.raw', 'a_tools'],
])('%s is an image of the extension %s', (file, name) => {
  expect(choose(file).name).toBe(name);
});

test('the suffix is that of the class', () => {
  expect(chooseOutput(join(directory, 'a.confext.raw'), false, CONFEXT).name).toBe('a');
  expect(choose('a', true).name).toBe('a');
});

test.each([
  ['a.img', false, 'output-name'],
  ['.raw', false, 'output-name'],
  ['.#a.raw', false, 'output-name'],
  ['full', true, 'output-not-empty'],
  ['full/file', true, 'output-kind'],
  ['directory.raw', false, 'output-kind'],
  ['full/file/a.raw', false, 'output-parent'],
  ['nowhere/a.raw', false, 'output-parent'],
])('%s is refused', (file, isDirectory, kind) => {
  mkdirSync(join(directory, 'full'));
  mkdirSync(join(directory, 'directory.raw'));
  writeFileSync(join(directory, 'full/file'), '');
  expect(problem(() => choose(file, isDirectory))).toBe(kind);
});

test('a result in the midst of its source is refused, whatever the path is', () => {
  mkdirSync(join(directory, 'source/usr'), { recursive: true });
  symlinkSync('source/usr', join(directory, 'link'));
  const sources = [join(directory, 'source/usr'), join(directory, 'source/opt')];
  expect(problem(() => checkOutside(choose('link/a.raw'), sources))).toBe('output-inside');
  expect(problem(() => checkOutside(choose('source/a.raw'), sources))).toBeNull();
});

test('what is there is replaced when the new one is complete, or stays', () => {
  const output = choose('a.raw');
  writeFileSync(output.path, 'old');
  writeFileSync(output.temporary, 'half');
  discard(output);
  expect(readFileSync(output.path, 'utf8')).toBe('old');
  writeFileSync(output.temporary, 'new');
  putInPlace(output.temporary, output.path);
  expect(readFileSync(output.path, 'utf8')).toBe('new');
  expect(existsSync(output.temporary)).toBe(false);
});
