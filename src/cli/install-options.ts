import { readChecksum, readSize, readVersion } from './option-values.js';

/** Options of the verbs that change what is installed. */
export interface InstallOptions {
  /** What is installed then is merged. */
  readonly now: boolean;
  /** Until the next boot. */
  readonly runtime: boolean;
  /** 64 hexadecimal digits in lower case. */
  readonly sha256: string | null;
  /** In bytes. */
  readonly maxSize: number;
  readonly versionAs: string | null;
}

interface Values {
  readonly now?: boolean;
  readonly runtime?: boolean;
  readonly sha256?: string;
  readonly 'max-size'?: string;
  readonly 'version-as'?: string;
}

/** 4 GiB, in bytes: extensions are smaller, and so are the disks of many machines. */
const DEFAULT_MAX_SIZE = 4 * 1024 ** 3;

/** @throws UsageError for what cannot be meant */
export function readInstallOptions(values: Values): InstallOptions {
  return {
    now: values.now ?? false,
    runtime: values.runtime ?? false,
    sha256: readChecksum(values.sha256),
    maxSize: readSize('max-size', values['max-size']) ?? DEFAULT_MAX_SIZE,
    versionAs: readVersion(values['version-as']),
  };
}
