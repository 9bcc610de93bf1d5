import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';

let sources: CompiledSources;
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());

/** Each time, in seconds since the epoch, as it is written in a time zone and a language. */
function format(times: readonly number[], env: NodeJS.ProcessEnv): string[] {
  const { stdout, stderr } = sources.run(
    `import { formatTime } from '${sources.module('report/time.js')}';
     for (const time of ${JSON.stringify(times)}) console.log(formatTime(BigInt(time) * 1000000n + 999999n));`,
    { env: { PATH: process.env['PATH'], ...env } },
  );
  if (stderr !== '') throw new Error(stderr);
  return stdout.trimEnd().split('\n');
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

const withoutZone = (line: string) => line.split(' ').slice(0, 3).join(' ');

test('as systemd.time(7) writes it, to the second', () => {
  expect(format([1795390858, 0], { TZ: 'UTC' })).toEqual([
    'Sun 2026-11-22 23:40:58 UTC',
    'Thu 1970-01-01 00:00:00 UTC',
  ]);
});

const hasZones = existsSync('/usr/share/zoneinfo/Europe/Berlin');
const withZones = hasZones ? test : test.skip;

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];

withZones('local time, also when the clocks change (skipped without tzdata)', () => {
  const changes = [1616893199, 1616893200, 1635641999, 1635642000, 1635645600];
  for (const zone of ZONES) {
    const times = [...TIMES, ...changes];
    expect(format(times, { TZ: zone }).map(withoutZone)).toEqual(byDate(times, zone).map(withoutZone));
  }
});

withZones('zones that everybody calls the same (skipped without tzdata)', () => {
  for (const zone of ['UTC', 'America/New_York'])
    expect(format(TIMES, { TZ: zone })).toEqual(byDate(TIMES, zone));
});

withZones(
  'zones are called as the C library calls them: CET, not GMT+1 (skipped without tzdata)',
  () => {
    for (const zone of ZONES) expect(format(TIMES, { TZ: zone })).toEqual(byDate(TIMES, zone));
  },
);

test('the same in every language', () => {
  for (const language of ['de_DE.UTF-8', 'ja_JP.UTF-8', 'ar_EG.UTF-8', 'C'])
    expect(format([1795390858], { TZ: 'UTC', LANG: language, LC_ALL: language })).toEqual([
      'Sun 2026-11-22 23:40:58 UTC',
    ]);
});
