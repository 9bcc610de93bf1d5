import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSystemCalls } from '../../../src/host/native/load-system-calls.js';
import { mayMount } from '../../../src/host/privileges.js';

const { EINVAL, ENOENT, ENOSYS, EPERM, EWOULDBLOCK } = constants.errno;

const calls = loadSystemCalls();

(calls === null ? describe.skip : describe)('errors of system calls come back as numbers', () => {
  test('move_mount(2)', () => {
    const { moveMount } = calls!;
    if (!mayMount()) {
      expect([EPERM, ENOSYS]).toContain(moveMount('', '', 0));
      return;
    }
    // Flags are looked at before paths, and an empty path leads nowhere.
    expect(moveMount('', '', 1 << 30)).toBe(EINVAL);
    expect(moveMount('', '', 0)).toBe(ENOENT);
    expect(moveMount('/no such directory', '/nor this one', 0)).toBe(ENOENT);
  });

  test('mount(2) and umount2(2)', () => {
    const missing = mayMount() ? ENOENT : EPERM;
    expect([missing, ENOENT]).toContain(calls!.mount('none', '/no such directory', 'tmpfs', 0, null));
    expect([missing, ENOENT]).toContain(calls!.unmount('/no such directory', 0));
  });

  test('flock(2): a lock belongs to the open file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'sysext-test-lock-'));
    const [one, other] = [0, 1].map(() => openSync(join(directory, 'lock'), 'a'));
    try {
      const exclusive = 2 | 4; // LOCK_EX | LOCK_NB
      expect(calls!.lock(one!, exclusive)).toBe(0);
      expect(calls!.lock(one!, exclusive)).toBe(0);
      expect(calls!.lock(other!, exclusive)).toBe(EWOULDBLOCK);
      closeSync(one!);
      expect(calls!.lock(other!, exclusive)).toBe(0);
    } finally {
      closeSync(other!);
      rmSync(directory, { recursive: true });
    }
  });
});
