import { readlinkSync } from 'node:fs';
import { runCommand } from '../host/process.js';
import { isMissing } from '../host/root.js';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * A point in time as systemd prints it, `Sun 2026-11-22 23:40:58 UTC`, in the local time zone (systemd.time(7)).
 * The same in every locale.
 *
 * @param time microseconds since the epoch; 0 stands for none
 */
export function formatTime(time: bigint): string {
  if (time === 0n) return '-';
  const date = new Date(Number(time / 1000n));
  if (isUtc()) {
    const [day, clock] = date.toISOString().split(/[T.]/);
    return `${DAYS[date.getUTCDay()]} ${day} ${clock} UTC`;
  }
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${DAYS[date.getDay()]} ${day} ${clock} ${zoneOf(date)}`;
}

/**
 * Whether the local time zone is known to be that without a distance from UTC, as on most servers (tzset(3)). What the
 * runtime knows of other zones takes longer to load than all else that `list` does.
 */
function isUtc(): boolean {
  const zone = process.env['TZ'] ?? zoneOfMachine();
  return zone !== null && /^(|:?((Etc|posix)\/)?(UTC|UCT|Universal|Zulu))$/.test(zone);
}

/** By what localtime(5) links to; `null` if it is no link. */
function zoneOfMachine(): string | null {
  try {
    return /[^/]*$/.exec(readlinkSync('/etc/localtime'))![0];
  } catch (error) {
    return isMissing(error) ? 'UTC' : null;
  }
}

/** Names that were asked for, by the zone's distance from UTC in minutes, which tells summer from winter. */
const ZONE_NAMES = new Map<number, string>();

/** As the C library calls it (`CET`), which JavaScript does not know: date(1) does. */
function zoneOf(date: Date): string {
  const offset = date.getTimezoneOffset();
  const known = ZONE_NAMES.get(offset);
  if (known !== undefined) return known;
  const name = askDate(date) ?? nameByLanguage(date);
  ZONE_NAMES.set(offset, name);
  return name;
}

function askDate(date: Date): string | null {
  try {
    const zone = process.env['TZ'];
    const command = ['date', '-d', `@${Math.floor(date.getTime() / 1000)}`, '+%Z'];
    const result = runCommand(command, { env: zone === undefined ? {} : { TZ: zone } });
    return /^\S+$/.exec(result.stdout.trim())?.[0] ?? null;
  } catch {
    // A machine without coreutils still gets a table.
    return null;
  }
}

function nameByLanguage(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}
