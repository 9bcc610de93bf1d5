// Writes the manual pages from the compiled sources: `npm run build:man`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { renderPages } from '../dist/manual/pages.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
// The date in the footer; packagers set it so that the same sources give the same pages (reproducible-builds.org).
const { SOURCE_DATE_EPOCH: seconds } = process.env;
const date = (seconds ? new Date(Number(seconds) * 1000) : new Date()).toISOString().slice(0, 10);
const directory = new URL('../dist/man/', import.meta.url);

mkdirSync(directory, { recursive: true });
for (const [file, text] of renderPages({ version, date })) writeFileSync(new URL(file, directory), text);
