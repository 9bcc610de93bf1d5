import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { parseBoolean } from '../config/boolean-word.js';
import {
  CONFIGURATION_PLACES,
  type ConfigurationFile,
  type FileProblem,
  listConfigurationFiles,
  readConfigurationFiles,
} from '../config/configuration-files.js';
import { readStatements } from '../config/statements.js';
import { errorCode, findBelow, isMissing } from '../host/root.js';
import { type Membership, readTransfer } from './read-transfer.js';
import type { LineProblem } from './settings.js';
import type { SpecifierValues } from './specifiers.js';
import type { Transfer, TransferFailure } from './transfer.js';

/** Resources that are updated together, to one version: a component, or what belongs to none (sysupdate.d(5)). */
export interface Component {
  /** `null` for what is in `sysupdate.d`. */
  readonly name: string | null;
  /** Somebody has switched it off (sysupdate.components(5)). */
  readonly disabled: boolean;
  /** Those that are enabled, in the order in which they are carried out. */
  readonly transfers: readonly Transfer[];
  readonly failures: readonly TransferFailure[];
  readonly problems: readonly SkippedLine[];
}

/** Something that was skipped: a line, or a file as a whole. */
export type SkippedLine = (LineProblem & { readonly file: string }) | (FileProblem & { readonly line: null });

/** Newer transfer files have the first suffix; where there is none of these, the second one counts. */
const SUFFIXES = ['.transfer', '.conf'];

/**
 * Reads the transfer files of all components below a root. Never throws: what is broken is reported with the component.
 *
 * @param root absolute path, free of symlinks
 */
export function readComponents(root: string, values: SpecifierValues): Component[] {
  return [null, ...componentNames(root)]
    .map((name) => readComponent(root, name, values))
    .filter(({ transfers, failures, problems }) => transfers.length + failures.length + problems.length > 0);
}

/** Every directory `sysupdate.NAME.d` makes a component. */
function componentNames(root: string): string[] {
  const names = CONFIGURATION_PLACES.flatMap((place) => namesIn(root, place)).flatMap(
    (name) => /^sysupdate\.(.+)\.d$/.exec(name)?.[1] ?? [],
  );
  // `sysupdate.foo.component.d` has drop-ins of the file beside it.
  return [...new Set(names)].filter((name) => !name.endsWith('.component')).sort();
}

function namesIn(root: string, path: string): string[] {
  const directory = findBelow(root, path);
  if (directory === null) return [];
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isMissing(error) || errorCode(error) === 'EACCES') return [];
    throw error;
  }
}

function readComponent(root: string, name: string | null, values: SpecifierValues): Component {
  const directory = name === null ? 'sysupdate.d' : `sysupdate.${name}.d`;
  const transfers: Transfer[] = [];
  const failures: TransferFailure[] = [];
  const problems: SkippedLine[] = [];
  const isEnabled = (feature: string) =>
    readSwitch(root, `${directory}/${feature}.feature`, 'Feature') ?? false;
  for (const path of listTransfers(root, directory, problems)) {
    const read = readFiles(root, `${directory}/${basename(path)}`, problems);
    // An empty file masks.
    if (read.main === undefined || read.main.text.trim() === '') continue;
    const { file } = read.main;
    const {
      result,
      membership,
      problems: skipped,
    } = readTransfer(
      basename(path).replace(/\.(transfer|conf)$/, ''),
      file,
      [read.main, ...read.dropIns],
      values,
    );
    if (!isWanted(membership, isEnabled)) continue;
    problems.push(...skipped);
    if ('kind' in result) failures.push(result);
    else transfers.push(result);
  }
  const disabled = name !== null && readSwitch(root, `sysupdate.${name}.component`, 'Component') === false;
  return { name, disabled, transfers, failures, problems };
}

function listTransfers(root: string, directory: string, problems: SkippedLine[]): string[] {
  for (const suffix of SUFFIXES) {
    const found = listConfigurationFiles(root, CONFIGURATION_PLACES, directory, suffix);
    if (suffix === SUFFIXES[0]) problems.push(...found.problems.map((one) => ({ ...one, line: null })));
    if (found.paths.length > 0) return found.paths;
  }
  return [];
}

/** @param name with the directory that the file is in */
function readFiles(root: string, name: string, problems: SkippedLine[]) {
  const files: ConfigurationFile[] = [];
  for (const found of readConfigurationFiles(root, name, CONFIGURATION_PLACES)) {
    if ('kind' in found) problems.push({ ...found, line: null });
    else files.push(found);
  }
  const main = files.find(({ file }) => file.endsWith(`/${name}`));
  return { main, dropIns: files.filter((file) => file !== main) };
}

/** Optional features (sysupdate.features(5)). */
function isWanted({ features, requisites }: Membership, isEnabled: (name: string) => boolean): boolean {
  return (features.length === 0 || features.some(isEnabled)) && requisites.every(isEnabled);
}

/** The setting `Enabled=` of a feature or component. */
function readSwitch(root: string, name: string, section: string): boolean | null {
  const { main, dropIns } = readFiles(root, name, []);
  let enabled: boolean | null = null;
  for (const { text } of [...(main === undefined ? [] : [main]), ...dropIns]) {
    for (const statement of readStatements(text, section)) {
      if (statement.kind === 'assignment' && statement.key === 'Enabled')
        enabled = parseBoolean(statement.value) ?? enabled;
    }
  }
  return enabled;
}
