import type { FindingOf, Surroundings } from '../../doctor/finding.js';
import { printable, quoted } from '../printable.js';
import { describeFileProblem } from '../protection.js';
import { reasonOf } from '../reason.js';
import { DEVICES, PRIVILEGED, startWith } from './container-advice.js';
import type { Said } from './words.js';

export type ForImages = FindingOf<
  | 'loop-devices'
  | 'file-system'
  | 'erofs-without-loop'
  | 'device-mapper'
  | 'certificates'
  | 'certificate'
  | 'signatures'
>;

/** What images need that directories do not. */
export function describeForImages(finding: ForImages, surroundings: Surroundings): Said {
  switch (finding.code) {
    case 'loop-devices':
      return describeLoop(finding, surroundings);
    case 'file-system':
      return describeFileSystem(finding);
    case 'erofs-without-loop':
      return {
        title: 'erofs without loop',
        found: `Linux ${printable(finding.kernel)}, mount(8) ${printable(finding.mount ?? 'of another kind than util-linux, or none')}`,
        wanted: 'Linux 6.12 and mount(8) 2.42, which mount an erofs image without a loop device',
        advice: finding.isThere ? null : 'use newer ones, or get loop devices',
      };
    case 'device-mapper':
      return describeDeviceMapper(finding, surroundings);
    case 'signatures':
      return {
        title: 'signatures',
        found: finding.allowed
          ? 'checked against the certificates in verity.d, if the kernel does not take them'
          : 'only those count that the kernel takes: checking them against verity.d is switched off',
        wanted: 'certificates in verity.d count',
        advice: finding.allowed
          ? null
          : 'if that was not meant, take SYSTEMD_DISSECT_VERITY_SIGNATURE and SYSTEMD_ALLOW_USERSPACE_VERITY out of the environment, and systemd.allow_userspace_verity= off the kernel command line',
      };
    case 'certificates':
      return {
        title: 'certificates',
        found:
          finding.count === 0
            ? 'none in verity.d: nobody is trusted to sign images'
            : `${finding.count} in verity.d`,
        wanted: 'those of who may sign images, if any',
      };
    case 'certificate': {
      const { problem, file } = { problem: describeCertificate(finding.problem), file: finding.problem.file };
      return {
        title: 'certificate',
        found: problem,
        wanted: 'an X.509 certificate in PEM',
        advice: `put a certificate into ${quoted(file)}, or remove it`,
      };
    }
  }
}

function describeCertificate(problem: FindingOf<'certificate'>['problem']): string {
  if (problem.kind === 'no-certificate') return `there is no certificate in ${quoted(problem.file)}`;
  return describeFileProblem(problem).problem;
}

function describeLoop(
  { state, device, cause }: FindingOf<'loop-devices'>,
  { container }: Surroundings,
): Said {
  const words = { title: 'loop devices', wanted: 'a free one for each image' };
  const give =
    container === null
      ? { command: 'modprobe loop' }
      : { advice: startWith(container, [PRIVILEGED, DEVICES]) };
  switch (state) {
    case 'free':
      return { ...words, found: `${printable(device ?? '')} is free` };
    case 'none':
      return { ...words, found: 'there are none, and no /dev/loop-control to make some', ...give };
    case 'no-node':
      return {
        ...words,
        found: `${printable(device ?? '')} would be free, but is not in this /dev`,
        advice:
          container === null
            ? 'have udev make the nodes, or mount a devtmpfs at /dev'
            : startWith(container, [DEVICES]),
      };
    case 'refused':
      return { ...words, found: `none can be had: ${reasonOf(cause)}`, ...give };
    case 'user-namespace':
      return {
        ...words,
        found: 'the root of a user namespace gets none',
        advice: 'run this as root of the machine, or unpack images to directories',
      };
    case 'untried':
      return { ...words, found: 'not tried', advice: 'run this as root, with losetup(8) of util-linux' };
  }
}

function describeFileSystem({ type, state }: FindingOf<'file-system'>): Said {
  const said = { title: type, wanted: 'a kernel with that file system, for images of that type' };
  switch (state) {
    case 'there':
      return { ...said, found: 'the kernel has it' };
    case 'module':
      return { ...said, found: 'a module, which the kernel loads when it is needed' };
    case 'absent':
      return {
        ...said,
        found: 'neither in the kernel nor a module',
        advice: 'use a kernel that has it, or another type of images',
      };
    case 'untold':
      return { ...said, found: 'not known without /proc', advice: 'mount /proc, and run this again' };
    case 'unloaded':
      return {
        ...said,
        found: 'not loaded; whether there is a module for it is not known here',
        command: `modprobe ${type}`,
      };
  }
}

function describeDeviceMapper({ state }: FindingOf<'device-mapper'>, { container }: Surroundings): Said {
  const said = {
    title: 'device mapper',
    wanted:
      'the device mapper of the kernel, for encrypted images, and to have the kernel check those with a hash tree whenever they are read',
  };
  if (state === 'there') return { ...said, found: 'the kernel has it' };
  if (state === 'untried')
    return {
      ...said,
      found: 'not known: the kernel names it in /proc/misc, and only root can have it loaded',
      advice: 'run this as root with CAP_SYS_ADMIN, and /proc mounted',
    };
  return {
    ...said,
    found: 'the kernel has none, or it may not be used here',
    ...(container === null
      ? { command: 'modprobe dm-mod' }
      : {
          advice: `load the module dm-mod on the machine, and ${startWith(container, [PRIVILEGED, DEVICES])}`,
        }),
  };
}
