import { isCalled } from './names.js';
import type { Component } from './transfer-files.js';

/** There are no transfer files at all, or none of that name. */
export class UnknownComponentError extends Error {
  constructor(
    readonly wanted: string | null,
    readonly components: readonly Component[],
  ) {
    super(`component ${wanted}`);
  }
}

/** @param name of a component, or of what it updates; `null`: all. @throws UnknownComponentError */
export function chooseComponents(all: readonly Component[], name: string | null): readonly Component[] {
  const chosen = name === null ? all : all.filter((component) => isCalled(component, name));
  if (chosen.length === 0) throw new UnknownComponentError(name, all);
  return chosen;
}
