import { CLASSES } from '../extension-class.js';
import { configurationPage } from './configuration-page.js';
import type { Edition, Page } from './document.js';
import { programPage } from './program-page.js';
import { renderPage } from './roff.js';

/** All manual pages. */
export const PAGES: readonly Page[] = Object.values(CLASSES).flatMap((extensionClass) => [
  programPage(extensionClass),
  configurationPage(extensionClass),
]);

/** @returns pairs of file name and text: `sysext.8`, … */
export function renderPages(edition: Edition): [file: string, text: string][] {
  return PAGES.map((page) => [`${page.name}.${page.number}`, renderPage(page, edition)]);
}
