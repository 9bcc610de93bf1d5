import type { Finding, FindingOf, Surroundings } from '../../doctor/finding.js';
import { describeOverlayProblem } from '../errors.js';
import { printable, quoted } from '../printable.js';
import { reasonOf } from '../reason.js';
import { PRIVILEGED, startWith } from './container-advice.js';
import { describeProgram } from './programs.js';
import { describeUntried } from './untried.js';
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

function describeStateDirectory({ outlook, runIsMount }: FindingOf<'state-directory'>): Said {
  const path = quoted(outlook.path);
  const said = { title: 'locks, workspaces', wanted: 'a directory below /run that may be written to' };
  if (outlook.kind === 'shared') return { ...said, found: `they are made in ${path}` };
  const why = WHY_NOT[outlook.code] ?? outlook.code;
  if (outlook.kind === 'own') {
    const isReadOnly = outlook.code === 'EROFS';
    return {
      ...said,
      found: `they are made in ${path}, because ${isReadOnly ? '/run is read-only, so a call with another directory for temporary files does not see them' : 'this user may not write to /run'}`,
      ...(isReadOnly ? { command: runCommandLine(runIsMount) } : {}),
    };
  }
  const isOurs = outlook.code === 'not-ours';
  return {
    ...said,
    found: `there is no place for them: ${path} ${isOurs ? 'is not a directory of this user alone' : `cannot be made, ${why}`}`,
    ...(isOurs ? { advice: `remove ${path}` } : { command: runCommandLine(runIsMount) }),
  };
}

const runCommandLine = (runIsMount: boolean) =>
  runIsMount ? 'mount -o remount,rw /run' : 'mount -t tmpfs -o mode=0755 tmpfs /run';

const WHY_NOT: Readonly<Record<string, string>> = {
  EROFS: 'because the file system is read-only',
  EACCES: 'because this user may not write there',
  EPERM: 'because this user may not write there',
  ENOTDIR: 'because a directory above it is none',
};

function describeHierarchy({
  hierarchy,
  path,
  state,
  propagation,
  isReadOnly,
  reason,
}: FindingOf<'hierarchy'>): Said {
  const said = { title: printable(hierarchy), wanted: 'a directory, or none' };
  const link = path.endsWith(hierarchy) ? '' : `, by a symlink ${quoted(path)}`;
  const mounts = propagation === null ? '' : `; propagation: ${propagation}`;
  switch (state) {
    case 'directory':
      return { ...said, found: `a directory${link}${isReadOnly ? ', read-only' : ''}${mounts}` };
    case 'absent':
      return { ...said, found: 'not there; it is made if an extension has something for it' };
    case 'absent-read-only':
      return {
        ...said,
        found: 'not there, and it cannot be made, because the file system is read-only',
        wanted: 'a directory, where an extension has something for it',
        advice: `make the directory ${quoted(path)} when the system is built, if extensions shall have something for it`,
      };
    case 'no-directory':
      return {
        ...said,
        found: `${quoted(path)} is not a directory`,
        advice: 'remove it or make it a directory',
      };
    case 'unreachable':
      return {
        ...said,
        found: `${quoted(path)} cannot be looked at (${printable(reason ?? '')})`,
        advice: 'run this as root',
      };
  }
}

function describeOverlay(
  { hierarchy, path, outcome }: FindingOf<'overlay'>,
  surroundings: Surroundings,
): Said {
  const said = { title: `overlay over ${printable(hierarchy)}`, wanted: 'an overlay can be mounted over it' };
  switch (outcome.kind) {
    case 'merged':
      return { ...said, found: 'it is merged at this moment' };
    case 'mounted':
      return {
        ...said,
        found: outcome.onOverlay
          ? 'one was mounted to try it; it is the second, and the kernel stacks no more than two'
          : 'one was mounted to try it',
      };
    case 'untried':
      return { ...said, ...describeUntried(outcome.why, outcome.cause) };
    case 'refused': {
      const why = describeOverlayProblem(outcome.problem)?.split('; ', 1)[0];
      const found = `it was tried, and refused: ${why ?? reasonOf(outcome.cause)}`;
      return { ...said, found, ...overlayRemedy(outcome.problem.kind, path, surroundings) };
    }
  }
}

function overlayRemedy(
  kind: 'no-overlayfs' | 'nested' | 'kernel-too-old' | 'layer-vanished' | 'unknown',
  path: string,
  { container }: Surroundings,
): Partial<Said> {
  if (kind === 'no-overlayfs') return { command: 'modprobe overlay' };
  if (kind === 'kernel-too-old') return { advice: 'use a newer kernel, or run this as root of the machine' };
  if (kind === 'nested')
    return {
      advice: `have ${quoted(path)} on another file system than an overlay on an overlay${container === null ? '' : ', in a container for example a volume'}`,
    };
  return {
    advice: container === null ? 'see what the kernel says: dmesg' : startWith(container, [PRIVILEGED]),
  };
}

function describeOsRelease({ state, path, id, versionId }: FindingOf<'os-release'>): Said {
  const said = { title: 'os-release', wanted: 'one with ID=, and VERSION_ID= if the system has versions' };
  const file = quoted(path);
  switch (state) {
    case 'found': {
      const version = versionId === null ? 'no VERSION_ID' : `VERSION_ID=${printable(versionId)}`;
      return { ...said, found: `${file}: ID=${printable(id ?? '')}, ${version}` };
    }
    case 'missing':
      return { ...said, found: `there is no ${file}`, advice: `write ${file} with at least ID=` };
    case 'unreadable':
      return { ...said, found: `${file} cannot be read`, advice: 'see what it is, and who may read it' };
    case 'no-id':
      return { ...said, found: `${file} has no ID=`, advice: `add ID= to ${file}` };
  }
}

function describeSearchDirectory({ path, state }: FindingOf<'search-directory'>): Said {
  const said = { title: 'extensions in', wanted: 'a directory that may be read, or none' };
  const place = quoted(path);
  switch (state) {
    case 'there':
      return { ...said, found: place };
    case 'absent':
      return { ...said, found: `${place}, which is not there` };
    case 'unreadable':
      return {
        ...said,
        found: `${place}, which may not be read`,
        advice: 'run this as root, or see who may read it',
      };
    case 'no-directory':
      return { ...said, found: `${place}, which is not a directory`, advice: `remove ${place}` };
  }
}
