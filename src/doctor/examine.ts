import { existsSync } from 'node:fs';
import { release } from 'node:os';
import { isSwitchedOff } from '../config/kernel-command-line.js';
import { allowsUserspaceSignatures } from '../config/userspace-verity.js';
import type { ExtensionClass } from '../extension-class.js';
import { detectContainer } from '../host/container.js';
import { isInitrd } from '../host/initrd.js';
import { readKernelCommandLine } from '../host/kernel-command-line.js';
import { isInUserNamespace, mayMount } from '../host/privileges.js';
import { selinuxMode } from '../host/selinux.js';
import { readCertificates } from '../images/verity/certificates.js';
import type { Hierarchy } from '../overlay/metadata.js';
import { HostReleaseError, readHostRelease } from '../release/host-release.js';
import { detectManager } from '../services/manager.js';
import { findExchange } from './exchange.js';
import type { Finding, FindingOf, Surroundings, Untried } from './finding.js';
import {
  findDeviceMapper,
  findFileSystems,
  findKernel,
  findLoopDevices,
  judgeErofsFromFile,
} from './kernel.js';
import { tryOverlay } from './overlay-trial.js';
import { findHierarchy, findOsRelease, findSearchDirectories, findStateDirectory } from './places.js';
import { findPrograms } from './programs.js';

/** What is to be looked at. */
export interface Subject {
  /** Absolute path, free of symlinks. */
  readonly root: string;
  readonly extensionClass: ExtensionClass;
  /** Names of the hierarchies, and those that exist with what is merged there. */
  readonly names: readonly string[];
  readonly hierarchies: readonly Hierarchy[];
  readonly env: NodeJS.ProcessEnv;
}

/** Looks at all that the program needs, or can make use of, in the order in which it is told. Nothing is changed. */
export function examineMachine(subject: Subject): Finding[] {
  const { root, env, extensionClass, names } = subject;
  const selinux = selinuxMode();
  const programs = findPrograms(selinux);
  const hierarchies = names.map((name) => findHierarchy(root, name));
  return [
    { code: 'privileges', state: privileges() },
    { code: 'container', engine: detectContainer() },
    findKernel(),
    { code: 'mount-table', isThere: hasMountTable() },
    ...programs.filter(({ isVital }) => isVital),
    findStateDirectory(mayMount()),
    findOsRelease(root, env),
    ...findSearchDirectories(root, extensionClass),
    ...hierarchies,
    ...findOverlays(subject, hierarchies, programs),
    findExchange(hierarchies),
    ...findForImages(programs),
    ...findForProtection(subject),
    { code: 'selinux', mode: selinux },
    ...programs.filter(({ isVital }) => !isVital),
    ...(root === '/' ? findForServices(extensionClass) : []),
  ];
}

/** What the findings are about, in general. */
export function surroundings(): Surroundings {
  return {
    kernel: release(),
    container: detectContainer(),
    userNamespace: isInUserNamespace(),
    distributions: readDistributions(),
  };
}

function privileges(): FindingOf<'privileges'>['state'] {
  if (mayMount()) return isInUserNamespace() ? 'user-namespace' : 'root';
  return process.geteuid?.() === 0 ? 'lacking' : 'ordinary';
}

const hasMountTable = () => existsSync('/proc/self/mountinfo');

function findOverlays(
  { hierarchies: existing }: Subject,
  hierarchies: readonly FindingOf<'hierarchy'>[],
  programs: readonly FindingOf<'program'>[],
): Finding[] {
  const reason = whyNotTry(programs);
  return hierarchies.flatMap(({ hierarchy, path, state }) => {
    if (state !== 'directory') return [];
    const isMerged = existing.some(({ name, merge }) => name === hierarchy && merge !== null);
    const outcome = isMerged ? ({ kind: 'merged' } as const) : tryOverlay(path, reason);
    return [{ code: 'overlay', hierarchy, path, outcome }];
  });
}

function whyNotTry(programs: readonly FindingOf<'program'>[]): Untried | null {
  if (!mayMount()) return 'not-privileged';
  if (!hasMountTable()) return 'no-proc';
  const isThere = (name: string) =>
    programs.some(({ program, state }) => program === name && state !== 'absent');
  return isThere('mount') && isThere('unshare') ? null : 'no-program';
}

function findForImages(programs: readonly FindingOf<'program'>[]): Finding[] {
  const loop = findLoopDevices(mayMount());
  const mount = programs.find(({ program }) => program === 'mount');
  const version = mount?.state === 'there' ? mount.version : null;
  // Where there are loop devices nobody needs to do without.
  const without =
    loop.state === 'free' || loop.state === 'untried' ? [] : [judgeErofsFromFile(release(), version)];
  return [loop, ...without, ...findFileSystems()];
}

function findForProtection({ root, env }: Subject): Finding[] {
  const { certificates, problems } = readCertificates(root);
  return [
    findDeviceMapper(mayMount()),
    { code: 'signatures', allowed: allowsUserspaceSignatures(env, readKernelCommandLine()) },
    { code: 'certificates', count: certificates.length },
    ...problems.map((problem) => ({ code: 'certificate', problem }) as const),
  ];
}

function findForServices(extensionClass: ExtensionClass): Finding[] {
  const inInitrd = isInitrd('/');
  const word = `${inInitrd ? 'rd.' : ''}${extensionClass.kernelSwitch}`;
  return [
    { code: 'service-manager', manager: detectManager() },
    { code: 'boot-switch', word, off: isSwitchedOff(readKernelCommandLine(), extensionClass, inInitrd) },
  ];
}

/** Of the system that runs: what is below another root has no programs for us. */
function readDistributions(): string[] {
  try {
    const { fields } = readHostRelease('/', {});
    return [fields.get('ID') ?? '', ...(fields.get('ID_LIKE') ?? '').split(/\s+/)].filter(Boolean);
  } catch (error) {
    if (error instanceof HostReleaseError) return [];
    throw error;
  }
}
