import { MUTABLE_MODES, type MutableMode } from '../overlay/mutable-mode.js';
import { parseBoolean } from './boolean-word.js';

export { MUTABLE_MODES, type MutableMode };

/** Reads a mode. The words for yes and no may be written in any case, the names of the others only in small letters. */
export function parseMutableMode(text: string): MutableMode | null {
  const boolean = parseBoolean(text);
  if (boolean !== null) return boolean ? 'yes' : 'no';
  return MUTABLE_MODES.find((mode) => mode === text) ?? null;
}

/** What was said about the mode, in each of the places where it can be said. */
export interface MutableSources {
  /** From `--mutable=`; `null` without it. A wrong value there ends the call before it comes to this. */
  readonly option: MutableMode | null;
  /** Value of the environment variable; set to nothing is not the same as not set. */
  readonly variable: string | undefined;
  /** From the configuration files. */
  readonly setting: { readonly value: string } | null;
}

export interface MutableChoice {
  readonly mode: MutableMode;
  readonly from: 'option' | 'variable' | 'setting' | 'default';
  /** The value of the environment variable if it names no mode, to warn about; also where the option decides. */
  readonly badVariable: string | null;
}

/** The command line counts before the environment, that before the files. What names no mode does not count. */
export function chooseMutableMode({ option, variable, setting }: MutableSources): MutableChoice {
  const variableMode = variable === undefined ? null : parseMutableMode(variable);
  const settingMode = setting === null ? null : parseMutableMode(setting.value);
  const badVariable = variable !== undefined && variableMode === null ? variable : null;
  if (option !== null) return { mode: option, from: 'option', badVariable };
  if (variableMode !== null) return { mode: variableMode, from: 'variable', badVariable };
  if (settingMode !== null) return { mode: settingMode, from: 'setting', badVariable };
  return { mode: 'no', from: 'default', badVariable };
}
