import { type CompiledSources, compileSources } from '../support/compiled-sources.js';
import { Namespace } from '../support/namespace.js';

let sources: CompiledSources;
let namespace: Namespace;
beforeAll(async () => {
  sources = compileSources();
  namespace = await Namespace.open();
  await namespace.must(['sh', '-c', ': >/run/cmdline; mount --bind /run/cmdline /proc/cmdline']);
});
afterAll(async () => {
  await namespace.close();
  sources.remove();
});

interface Call {
  readonly name: string;
  /** Content of /proc/cmdline. */
  readonly kernel: string;
  readonly program?: string;
  readonly args?: readonly string[];
  /** `PID` stands for the number of the process. */
  readonly env: Readonly<Record<string, string>>;
}

/** The names of the calls that are switched off, all asked in one process. */
async function switchedOff(calls: readonly Call[]): Promise<string[]> {
  const script = `
    import { writeFileSync } from 'node:fs';
    import { isSwitchedOffAtBoot } from '${sources.module('cli/boot-switch.js')}';
    import { readCommandLine } from '${sources.module('cli/command-line.js')}';
    const off = [];
    for (const { name, kernel, program = 'sysext', args = ['merge'], env } of ${JSON.stringify(calls)}) {
      writeFileSync('/run/cmdline', kernel);
      const values = Object.entries(env).map(([key, value]) => [key, value.replace('PID', process.pid)]);
      const commandLine = await readCommandLine(args, program, {});
      if (isSwitchedOffAtBoot(commandLine, Object.fromEntries(values))) off.push(name);
    }
    console.log(JSON.stringify(off));`;
  return JSON.parse(await namespace.must(sources.command(script))) as string[];
}

const OFF = 'ro systemd.sysext=0 systemd.confext=0 quiet\n';
const BY_SYSTEMD = { SYSTEMD_EXEC_PID: 'PID' };

test('only what a service manager starts obeys, and only its own class', async () => {
  const obeying: readonly Call[] = [
    { name: 'by systemd', kernel: OFF, env: BY_SYSTEMD },
    { name: 'by OpenRC', kernel: OFF, env: { RC_SVCNAME: 'sysext' } },
    { name: 'confext by OpenRC', kernel: OFF, program: 'confext', env: { RC_SVCNAME: 'confext' } },
    { name: 'the other class', kernel: OFF, args: ['--class=confext', 'merge'], env: BY_SYSTEMD },
    // What the kernel says of the initrd's own extensions does not matter for /sysroot, and this is no initrd.
    { name: 'on another root', kernel: OFF, args: ['merge', '--root=/sysroot'], env: BY_SYSTEMD },
  ];
  const others: readonly Call[] = [
    { name: 'by hand', kernel: OFF, env: {} },
    { name: 'by hand from a service', kernel: OFF, env: { SYSTEMD_EXEC_PID: '1' } },
    { name: 'with a number that only begins alike', kernel: OFF, env: { SYSTEMD_EXEC_PID: 'PID0' } },
    { name: 'by another service of OpenRC', kernel: OFF, env: { RC_SVCNAME: 'local' } },
    { name: 'by the service of the other class', kernel: OFF, env: { RC_SVCNAME: 'confext' } },
    { name: 'not said', kernel: 'ro quiet\n', env: BY_SYSTEMD },
    { name: 'switched on', kernel: 'systemd.sysext=1\n', env: BY_SYSTEMD },
    { name: 'of the other class', kernel: 'systemd.confext=0\n', env: BY_SYSTEMD },
    { name: 'of an initrd', kernel: 'rd.systemd.sysext=0\n', env: BY_SYSTEMD },
  ];
  expect(await switchedOff([...others, ...obeying])).toEqual(obeying.map(({ name }) => name));
});

test('an initrd has a switch of its own, but for the root that it prepares', async () => {
  await namespace.must(['sh', '-c', 'mount -t tmpfs tmpfs /etc; : >/etc/initrd-release']);
  const calls: readonly Call[] = [
    { name: 'the initrd', kernel: 'rd.systemd.sysext=0', env: BY_SYSTEMD },
    { name: 'the root', kernel: 'systemd.sysext=0', args: ['--root=/sysroot', 'merge'], env: BY_SYSTEMD },
    { name: 'the initrd by the switch of the root', kernel: 'systemd.sysext=0', env: BY_SYSTEMD },
    {
      name: 'the root by the switch of the initrd',
      kernel: 'rd.systemd.sysext=0',
      args: ['--root=/sysroot', 'merge'],
      env: BY_SYSTEMD,
    },
  ];
  expect(await switchedOff(calls)).toEqual(['the initrd', 'the root']);
});
