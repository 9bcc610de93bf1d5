import { writeSync } from 'node:fs';
import { errorCode } from '../host/root.js';
import { printable } from './printable.js';

/** Levels of syslog(3), most urgent first: the names that `SYSTEMD_LOG_LEVEL` and `--log-level` take. */
export const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

export type LogFormat = 'text' | 'json';

/** Data that goes along with a message; only seen with `--log-format=json`. */
export type Fields = Readonly<Record<string, unknown>>;

/** Log records go to standard error; results of a verb do not belong here. */
export type Log = Readonly<
  Record<Exclude<Level, 'emerg' | 'alert' | 'crit'>, (message: string, fields?: Fields) => void>
>;

export interface LogSettings {
  readonly level: Level;
  readonly format: LogFormat;
}

/** Reads a level by name or by its number, 0 to 7. @returns `null` for anything else */
export function parseLevel(text: string): Level | null {
  const byNumber = /^[0-7]$/.test(text) ? LEVELS[Number(text)] : undefined;
  return byNumber ?? LEVELS.find((level) => level === text.toLowerCase()) ?? null;
}

/** Plain text for people needs no logger; JSON, one object a line, for programs, is made by one. */
export async function openLog({ level, format }: LogSettings): Promise<Log> {
  const write = format === 'json' ? await loadLogger(level) : writeText(level);
  const at =
    (name: Level) =>
    (message: string, fields: Fields = {}) =>
      write(name, message, fields);
  return {
    err: at('err'),
    warning: at('warning'),
    notice: at('notice'),
    info: at('info'),
    debug: at('debug'),
  };
}

type Write = (level: Level, message: string, fields: Fields) => void;

function writeText(least: Level): Write {
  return (level, message) => {
    if (LEVELS.indexOf(level) <= LEVELS.indexOf(least)) writeError(`${printable(message)}\n`);
  };
}

async function loadLogger(level: Level): Promise<Write> {
  const { pino } = await import('pino');
  const logger = pino<Level>(
    {
      level,
      customLevels: levelNumbers(),
      useOnlyCustomLevels: true,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    { write: writeError },
  );
  return (name, message, fields) => logger[name](fields, message);
}

/** A log whose levels differ in nothing but their names. */
export function logOf(at: (level: keyof Log) => Log[keyof Log]): Log {
  return {
    err: at('err'),
    warning: at('warning'),
    notice: at('notice'),
    info: at('info'),
    debug: at('debug'),
  };
}

/**
 * A log for calls that mostly have nothing to say: the logger is loaded only if they do, when they are done.
 *
 * @returns the log, and what writes its records in the end
 */
export function deferLog(settings: LogSettings): { log: Log; flush: () => Promise<void> } {
  const records: ((log: Log) => void)[] = [];
  const least = LEVELS.indexOf(settings.level);
  const at = (name: keyof Log) => (message: string, fields?: Fields) => {
    if (LEVELS.indexOf(name) <= least) records.push((log) => log[name](message, fields));
  };
  return {
    log: logOf(at),
    flush: async () => {
      if (records.length === 0) return;
      const log = await openLog(settings);
      for (const write of records.splice(0)) write(log);
    },
  };
}

/** pino's numbers grow with urgency, those of syslog(3) fall. */
function levelNumbers(): Record<Level, number> {
  const numbers = LEVELS.map((name, index) => [name, (LEVELS.length - index) * 10]);
  return Object.fromEntries(numbers) as Record<Level, number>;
}

/** A reader that has gone away, or standard error being closed, is no reason to stop half way through a merge. */
function writeError(text: string): void {
  try {
    writeSync(2, text);
  } catch (error) {
    if (!['EPIPE', 'EBADF', 'EIO', 'EAGAIN', 'ENOSPC'].includes(errorCode(error) ?? '')) throw error;
  }
}
