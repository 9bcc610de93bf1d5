import { fstatSync } from 'node:fs';

/** Whether somebody looks at it. What knows terminals takes long to load, so it is asked only of what can be one. */
export async function isTerminal(descriptor: number): Promise<boolean> {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return (await import('node:tty')).isatty(descriptor);
}
