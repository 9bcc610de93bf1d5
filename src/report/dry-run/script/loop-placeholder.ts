/**
 * Stands in the record of a merge for a loop device that is not known before it is made. No path has its first character,
 * which JSON escapes, and nothing else in the record has it as the whole of a line.
 */
const PLACEHOLDER = /^(\t+)"\\u0000loop (\d+)"(,?)$/;

export function loopPlaceholder(number: number): string {
  return `\0loop ${number}`;
}

export function readLoopPlaceholder(line: string): { indent: string; number: number; comma: string } | null {
  const [, indent = '', number = '', comma = ''] = PLACEHOLDER.exec(line) ?? [];
  return number === '' ? null : { indent, number: Number(number), comma };
}

/** The variable of the script that has its path. */
export function loopVariableOf(number: number): string {
  return `loop_${number}`;
}

/** For people, who will see its number when it is there. */
export function withoutPlaceholders(text: string): string {
  return text.replace(/^(\t+")\\u0000loop \d+(",?)$/gm, '$1/dev/loop…$2');
}
