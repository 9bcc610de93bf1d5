import { HOST } from '../../support/fixtures.js';
import { Machine } from '../../support/machine.js';
import { failedWith, succeeded } from '../../support/outcome.js';
import { buildTree } from '../../support/tree.js';

let machine: Machine;
beforeEach(async () => {
  machine = await Machine.open({ tree: { ...HOST } });
});
afterEach(() => machine.close());

const CONFIGURED = { 'etc/systemd/sysext.conf': '[SysExt]\nImagePolicy=root=verity+new\n' };

async function asJson(words: string): Promise<Record<string, unknown>> {
  return JSON.parse(succeeded(await machine.call(`policy --json=short ${words}`.trim())).stdout);
}

test('a policy that is given is explained, with its traps', async () => {
  const { stdout } = succeeded(await machine.call('policy root=signed+verity+absent'));
  expect(stdout).toContain("Image policy 'root=verity+signed+absent', as given.");
  expect(stdout).toMatch(/^ {2}a bare file system, such as a squashfs file: refused: root is unprotected/m);
  expect(stdout).toMatch(/^Mind:\n {2}For root 'verity' stands beside 'signed'/m);
});

test('without one it is the one in force: by option, by a file, by the class', async () => {
  expect(await asJson('')).toMatchObject({ class: 'sysext', from: 'default', untrusted: null });
  expect(await asJson('--class=confext')).toMatchObject({ class: 'confext', from: 'default' });
  buildTree(machine.at('/'), CONFIGURED);
  const { stdout, stderr } = succeeded(await machine.call('policy'));
  expect(stdout).toContain(`in force by ImagePolicy= in '${machine.root}/etc/systemd/sysext.conf', line 2.`);
  expect(stderr).toContain('image policies have no such flag');
  expect(await asJson('')).toMatchObject({ policy: 'root=verity', from: 'setting', line: 2 });
  expect(await asJson('--image-policy=*')).toMatchObject({ policy: '*', from: 'option' });
  expect(await asJson('~ --image-policy=*')).toMatchObject({ policy: '~', from: 'argument' });
});

test('in an initrd the policy for what the boot loader has found is told as well', async () => {
  buildTree(machine.at('/'), { 'etc/initrd-release': '' });
  const strict = 'root=signed+absent:usr=signed+absent';
  expect(await asJson('')).toMatchObject({ untrusted: strict });
  expect(succeeded(await machine.call('policy')).stdout).toContain(
    `Images below /.extra are held to '${strict}'`,
  );
});

test('what is no policy is refused in a sentence, with the place of the mistake', async () => {
  const argument = failedWith(await machine.call('policy root=signd'));
  expect(argument).toMatch(/there is no flag 'signd' \(at character 6/);
  const option = failedWith(await machine.call('merge --image-policy=rot=signed'));
  expect(option).toMatch(/there is no partition 'rot' \(at character 1/);
});
