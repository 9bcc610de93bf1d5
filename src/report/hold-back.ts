import { type Fields, type Log, logOf } from './log.js';

/** A log that waits to see whether anybody wants to know. */
export interface Held {
  readonly log: Log;
  /** Tells all that was held back; what comes from now on is told at once. */
  release(): void;
  /** Tells what was held back, and not released, at the level `debug`. */
  dropToDebug(): void;
}

/** Holds back what is said to a log. */
export function holdBack(log: Log): Held {
  const records: { readonly level: keyof Log; readonly message: string; readonly fields?: Fields }[] = [];
  let isReleased = false;
  const at =
    (level: keyof Log) =>
    (message: string, fields: Fields = {}) => {
      if (isReleased) log[level](message, fields);
      else records.push({ level, message, fields });
    };
  return {
    log: logOf(at),
    release: () => {
      isReleased = true;
      for (const { level, message, fields } of records.splice(0)) log[level](message, fields);
    },
    dropToDebug: () => {
      for (const { message, fields } of records.splice(0)) log.debug(message, fields);
    },
  };
}
