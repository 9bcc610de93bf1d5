import type { Pattern } from './pattern.js';
import type { Component } from './transfer-files.js';

/** What is before the first wildcard: `foo` of `foo_@v.raw`. */
function stemOf({ pieces }: Pattern): string {
  const [first] = pieces;
  return typeof first === 'string' ? first.slice(first.lastIndexOf('/') + 1).replace(/[_-]+$/, '') : '';
}

/** What the resources of a component are called, by the names of their new files. */
export function resourceNames({ transfers }: Component): string[] {
  return [...new Set(transfers.map(({ name, target }) => stemOf(target.patterns[0]!) || name))];
}

/** How a component is called in a sentence. */
export function componentName(component: Component): string {
  return component.name ?? (resourceNames(component).join(', ') || 'sysupdate.d');
}

/** Whether somebody who says a name means this component: its own, that of a transfer, or that of a resource. */
export function isCalled(component: Component, name: string): boolean {
  const { transfers } = component;
  return (
    component.name === name ||
    transfers.some((transfer) => transfer.name === name) ||
    resourceNames(component).includes(name)
  );
}
