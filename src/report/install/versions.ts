import type { ExtensionClass } from '../../extension-class.js';
import type { SwitchedOff } from '../../images/switched-off.js';
import type { InstalledName, InstalledVersion } from '../../install/installed.js';
import { formatJson, type Json, type JsonFormat } from '../json.js';
import { formatTable } from '../table.js';

/** What is installed as a table, or as JSON by docs/schema/versions-1.json. */
export async function versionsReport(
  names: readonly InstalledName[],
  extensionClass: ExtensionClass,
  { json, legend }: { readonly json: JsonFormat; readonly legend: boolean },
): Promise<string> {
  if (json !== 'off') return formatJson(versionsJson(names, extensionClass), json);
  const header = ['NAME', 'VERSION', 'STATE', 'MERGED', 'TRIES', 'PATH'];
  return formatTable(legend ? header : null, names.flatMap(rowsOf));
}

const OFF_WORDS: Readonly<Record<SwitchedOff, string>> = {
  disabled: 'disabled',
  masked: 'masked',
  'by-hand': 'masked',
};

function rowsOf({ name, off, versions }: InstalledName): string[][] {
  if (off !== null && versions.length === 0) return [[name, '-', OFF_WORDS[off.how], 'no', '-', off.entry]];
  return versions.map((one) => [
    name,
    one.version ?? '-',
    one.state === 'off' && off !== null ? OFF_WORDS[off.how] : one.state,
    one.isMerged === null ? '?' : one.isMerged ? 'yes' : 'no',
    describeTries(one),
    one.path,
  ]);
}

/** `3 left`, `0 left, 2 done`: as far as they are counted. */
function describeTries({ triesLeft, triesDone }: InstalledVersion): string {
  if (triesLeft === null) return '-';
  return `${triesLeft} left${triesDone === null || triesDone === 0 ? '' : `, ${triesDone} done`}`;
}

function versionsJson(names: readonly InstalledName[], { name: className }: ExtensionClass): Json {
  return {
    schema: 'versions-1',
    class: className,
    extensions: names.map(({ name, off, versions }) => ({
      name,
      off: off === null ? null : off.how,
      offBy: off === null ? null : off.entry,
      versions: versions.map(({ version, architecture, path, state, rule, ...more }) => ({
        version,
        architecture,
        path,
        state,
        rule,
        merged: more.isMerged,
        triesLeft: more.triesLeft,
        triesDone: more.triesDone,
      })),
    })),
  };
}
