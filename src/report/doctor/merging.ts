import type { Finding, FindingOf, Surroundings } from '../../doctor/finding.js';
import { printable, quoted } from '../printable.js';
import { PRIVILEGED, startWith } from './container-advice.js';
import { describeOverlay } from './overlay.js';
import {
  describeHierarchy,
  describeOsRelease,
  describeSearchDirectory,
  describeStateDirectory,
} from './places.js';
import { describeProgram } from './programs.js';
import type { Said } from './words.js';

/** What has not to do with images. */
export type ForMerging = Exclude<
  Finding,
  FindingOf<
    | 'loop-devices'
    | 'file-system'
    | 'erofs-without-loop'
    | 'device-mapper'
    | 'certificates'
    | 'certificate'
    | 'signatures'
  >
>;

export function describeForMerging(finding: ForMerging, surroundings: Surroundings): Said {
  switch (finding.code) {
    case 'privileges':
      return describePrivileges(finding, surroundings);
    case 'container': {
      const found = finding.engine === null ? 'none that can be told' : quoted(finding.engine);
      return { title: 'container', found, wanted: 'nothing special' };
    }
    case 'kernel': {
      const wanted =
        finding.wanted === null
          ? 'one that can mount overlays'
          : `Linux ${printable(finding.wanted)}, to merge in a user namespace`;
      const advice =
        finding.wanted === null ? null : 'use a newer kernel, or run this as root of the machine';
      return { title: 'kernel', found: `Linux ${printable(finding.release)}`, wanted, advice };
    }
    case 'mount-table':
      return {
        title: 'mount table',
        found: finding.isThere ? '/proc is mounted' : 'there is none in /proc',
        wanted: '/proc, to see what is mounted',
        command: 'mount -t proc proc /proc',
      };
    case 'program':
      return describeProgram(finding, surroundings);
    case 'state-directory':
      return describeStateDirectory(finding);
    case 'hierarchy':
      return describeHierarchy(finding);
    case 'overlay':
      return describeOverlay(finding, surroundings);
    case 'exchange':
      return {
        title: 'exchange',
        found: describeWay(finding.way),
        wanted: 'a way to put the new merge beneath the old one before that goes',
        advice:
          finding.way === null
            ? 'share the mounts, as systemd does; or use Linux 6.5 with mount(8) 2.42, the npm package koffi, or the executable that needs no Node'
            : null,
      };
    case 'os-release':
      return describeOsRelease(finding);
    case 'search-directory':
      return describeSearchDirectory(finding);
    case 'selinux':
      return { title: 'SELinux', found: finding.mode, wanted: 'chcon(1), where it is on' };
    case 'service-manager':
      return {
        title: 'service manager',
        found: finding.manager ?? 'none that listens to this program, so services are left alone',
        wanted: 'systemd or OpenRC, for extensions with services',
      };
    case 'boot-switch':
      return {
        title: 'kernel command line',
        found: finding.off
          ? `${finding.word}=0, so nothing is merged at boot`
          : `does not switch merging at boot off`,
        wanted: `no ${finding.word}=0`,
        advice: finding.off
          ? 'take that word off the kernel command line in the boot loader, if it was not meant; a call by hand merges all the same'
          : null,
      };
  }
}

function describePrivileges({ state }: FindingOf<'privileges'>, { container }: Surroundings): Said {
  const said = { title: 'privileges', wanted: 'the right to mount (CAP_SYS_ADMIN)' };
  switch (state) {
    case 'root':
      return { ...said, found: 'root, who may mount' };
    case 'user-namespace':
      return { ...said, found: 'root of a user namespace, who may mount directories, but no disk images' };
    case 'lacking':
      return {
        ...said,
        found: 'root, but without CAP_SYS_ADMIN',
        advice:
          container === null
            ? 'give the process CAP_SYS_ADMIN; whatever started it took that away'
            : startWith(container, [PRIVILEGED]),
      };
    case 'ordinary':
      return {
        ...said,
        found: 'an ordinary user, who may not mount; what root may do here can only root find out',
        advice:
          "run this as root, or below 'unshare --user --map-root-user --mount' to merge directories for yourself",
      };
  }
}

function describeWay(way: FindingOf<'exchange'>['way']): string {
  if (way === null) return 'no way: merged files are gone for some hundredths of a second';
  if (way === 'propagation') return 'mounts are shared, so the new merge comes beneath the old one';
  return `${way === 'mount' ? 'mount(8)' : 'the kernel'} puts the new merge beneath the old one`;
}
