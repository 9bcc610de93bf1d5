import type { Picture } from './boxes.js';

/** A flowchart for Mermaid: layers from top to bottom. */
export function drawMermaid(pictures: readonly Picture[]): string {
  const lines = pictures.flatMap(({ title, boxes }, group) => [
    `  subgraph g${group}["${escapeLabel(title)}"]`,
    ...boxes.map(({ title: name, lines: about }, box) => {
      const label = [name, ...about].map(escapeLabel).join('<br>');
      return `    g${group}b${box}["${label}"]`;
    }),
    ...boxes.slice(1).map((_, box) => `    g${group}b${box} --- g${group}b${box + 1}`),
    '  end',
  ]);
  return ['flowchart TB', ...lines].map((line) => `${line}\n`).join('');
}

/** Mermaid takes HTML entities with `#` in place of `&`; what else has a meaning in a label is written as one. */
function escapeLabel(text: string): string {
  return text.replace(/[#"<>&`\\*_[\](){}|;]/g, (char) => `#${char.charCodeAt(0)};`);
}
