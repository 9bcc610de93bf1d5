const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/**
 * A point in time as systemd prints it, `Sun 2026-11-22 23:40:58 UTC`, in the local time zone (systemd.time(7)).
 * The same in every locale.
 *
 * @param time microseconds since the epoch
 */
export function formatTime(time: bigint): string {
  const date = new Date(Number(time / 1000n));
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${DAYS[date.getDay()]} ${day} ${clock} ${zoneOf(date)}`;
}

function zoneOf(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}
