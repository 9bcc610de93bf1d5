import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { backingDeviceOf } from '../../src/host/backing-device.js';
import { deviceOf } from '../../src/host/device.js';
import { inNamespace } from '../support/namespace.js';

test.each(['/proc', '/sys', '/no-such-directory'])('%s has no disk', (path) => {
  expect(backingDeviceOf(path)).toBeNull();
});

test('a tmpfs has no disk', async () => {
  await inNamespace(async (namespace) => {
    expect(backingDeviceOf(namespace.path('/run'))).toBeNull();
  });
});

const root = deviceOf('/') ?? '';
const onDisk = !root.startsWith('0:') && existsSync(`/sys/dev/block/${root}`) ? test : test.skip;

onDisk('the disk of / (skipped where it has none)', () => {
  const { stdout } = spawnSync('lsblk', ['--noheadings', '--output=TYPE', `/dev/block/${root}`], {
    encoding: 'utf8',
  });
  const found = backingDeviceOf('/');
  if (/crypt|lvm|dm/.test(stdout)) expect(found).toMatch(/^\d+:\d+$/);
  else expect(found).toBe(root);
});
