import { constants } from 'node:os';
import { loadSystemCalls } from '../../../src/host/native/load-system-calls.js';
import { mayMount } from '../../../src/host/privileges.js';

const { EINVAL, ENOENT, ENOSYS, EPERM } = constants.errno;

const calls = loadSystemCalls();

(moveMount === null ? test.skip : test)('errors of the system call come back as numbers', () => {
  const call = moveMount!;
  if (!mayMount()) {
    expect([EPERM, ENOSYS]).toContain(call('', '', 0));
    return;
  }
  // Flags are looked at before paths, and an empty path leads nowhere.
  expect(call('', '', 1 << 30)).toBe(EINVAL);
  expect(call('', '', 0)).toBe(ENOENT);
  expect(call('/no such directory', '/nor this one', 0)).toBe(ENOENT);
});
