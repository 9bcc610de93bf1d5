import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { formatTime } from '../../src/report/time.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';

let sources: CompiledSources;
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());

/** Each time, in seconds since the epoch, as it is written in each time zone; all in one process. */
function format(
  times: readonly number[],
  zones: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Record<string, string[]> {
  const { stdout, stderr } = sources.run(
    `const formatted = {};
     for (const zone of ${JSON.stringify(zones)}) {
       process.env.TZ = zone;
       // A module of its own for each zone, as if it were the only one.
       const { formatTime } = await import('${sources.module('report/time.js')}?' + zone);
       formatted[zone] = ${JSON.stringify(times)}.map((time) => formatTime(BigInt(time) * 1000000n + 999999n));
     }
     console.log(JSON.stringify(formatted));`,
    { env: { PATH: process.env['PATH'], ...env } },
  );
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string[]>;
}

/** The same by date(1), whose names of zones are those of the C library, as systemd's. */
function byDate(times: readonly number[], zone: string): string[] {
  const { stdout } = spawnSync('date', ['--file=-', '+%a %Y-%m-%d %H:%M:%S %Z'], {
    encoding: 'utf8',
    input: times.map((time) => `@${time}\n`).join(''),
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: zone },
  });
  return stdout.trimEnd().split('\n');
}

/** Every eleven days and some hours from 2020 to 2031, so summer and winter, every hour and every day of the week. */
const TIMES = Array.from({ length: 365 }, (_, index) => 1577836800 + index * 987654);
/** When the clocks change in Europe. */
const CHANGES = [1616893199, 1616893200, 1635641999, 1635642000, 1635645600];
const ZONES = [
  'UTC',
  'Etc/UTC',
  ':UTC',
  'Zulu',
  'GMT',
  '',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

const withZones = existsSync('/usr/share/zoneinfo/Europe/Berlin') ? test : test.skip;

withZones(
  'local time, also when the clocks change; zones as the C library calls them (skipped without tzdata)',
  () => {
    const times = [...TIMES, ...CHANGES];
    expect(format(times, ZONES)).toEqual(
      Object.fromEntries(ZONES.map((zone) => [zone, byDate(times, zone)])),
    );
  },
);

test('as systemd.time(7) writes it, to the second, in every language', () => {
  for (const language of ['de_DE.UTF-8', 'ar_EG.UTF-8', 'C'])
    expect(format([1795390858, 0], ['UTC'], { LANG: language, LC_ALL: language })).toEqual({
      UTC: ['Sun 2026-11-22 23:40:58 UTC', 'Thu 1970-01-01 00:00:00 UTC'],
    });
});

test('no time at all is a dash', () => {
  expect(formatTime(0n)).toBe('-');
});
