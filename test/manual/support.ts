import { spawnSync } from 'node:child_process';
import { provide } from '../support/debian.js';

/** Runs a program and gives back what it printed; what it complained of is in `stderr`. */
export function run(
  command: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string } {
  const [file = '', ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8', TERM: 'xterm' },
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

/** @returns why pages cannot be rendered here, or `null` */
export function requireGroff(): string | null {
  return provide({ groff: 'groff-base' });
}

/**
 * A page as it is seen, on one very long line a paragraph, without bold and italic (grotty(1): `-c` overstrikes, `-b`
 * and `-u` do not). Hyphens of prose are hyphens again.
 */
export function render(page: string, columns = 2000): string {
  const settings = [`-rLL=${columns}n`, '-rHY=0', '-P-cbou'];
  const { stdout, stderr } = run(['groff', '-man', '-ww', '-Tutf8', ...settings], page);
  if (stderr !== '') throw new Error(stderr);
  return stdout.replaceAll('\u2010', '-');
}

/** The same without line breaks and with one blank between words, to look for sentences in. */
export function flat(rendered: string): string {
  return rendered.replace(/\s+/g, ' ');
}
