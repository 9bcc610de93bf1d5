import { printable } from './printable.js';

/**
 * An annotation: a line that GitHub Actions reads from what a step prints ("Workflow commands for GitHub Actions"). The runner takes
 * it apart again (`unescapeData` and `unescapeProperty` of its command parser).
 */
export function annotation(
  command: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(printable(value))}`);
  return `::${command} ${list.join(',')}::${data(message)}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
