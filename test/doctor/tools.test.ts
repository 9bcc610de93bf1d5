import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTools } from '../../src/doctor/tools.js';
import { DEBIAN_PACKAGES } from '../../src/host/debian-packages.js';
import { findCommand } from '../../src/host/process.js';
import { CHECKOUT } from '../support/program.js';

/** What all of Debian has. */
const ALWAYS = ['cp', 'mknod'];

test('all programs that come in packages of their own are told, and where they are', () => {
  const tools = findTools();
  expect(tools.map(({ program }) => program).sort()).toEqual(
    Object.keys(DEBIAN_PACKAGES).filter((program) => !ALWAYS.includes(program)),
  );
  for (const { program, path } of tools) expect(path).toBe(findCommand(program));
});

const ROOMS = { pack: ['pack'], run: ['run', 'mount/unmounted'], update: ['update'] } as const;

function sourcesOf(rooms: readonly string[]): string {
  const files = rooms.flatMap((room) => {
    const directory = join(CHECKOUT, 'src', room);
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((file) => join(directory, file));
  });
  return files.flatMap((file) => (file.endsWith('.ts') ? readFileSync(file, 'utf8') : [])).join('\n');
}

test.each(['pack', 'run', 'update'] as const)(
  '%s calls those that are told for it, and no others',
  (user) => {
    const text = sourcesOf(ROOMS[user]);
    const told = findTools().filter(({ users }) => users.includes(user));
    const called = Object.keys(DEBIAN_PACKAGES).filter((program) => text.includes(`'${program}'`));
    expect(told.map(({ program }) => program).sort()).toEqual(
      called.filter((program) => !ALWAYS.includes(program)),
    );
  },
);
