import { join } from 'node:path';
import { CommandFailedError } from '../host/process.js';
import { findBelow } from '../host/root.js';
import type { Content } from '../images/content.js';
import type { Part } from '../images/dissection.js';
import type { VeritySource } from '../images/examine.js';
import { identifyFile } from '../images/identify.js';
import type { Image } from '../images/image.js';
import type { FileSystemFlag } from '../images/policy/flag.js';
import type { Requirement } from '../images/policy/verdict.js';
import type { TrustedCertificates } from '../images/verity/certificates.js';
import type { Protection } from '../overlay/origin.js';
import type { HeldImage } from './held-image.js';
import type { MountableFileSystem } from './images.js';
import { givesLayers } from './layer-file-systems.js';
import { findMapperProblem, type MapperProblem } from './mapped/device-mapper.js';
import { openEncryptedDevice } from './mapped/encrypted-device.js';
import type { PartDevice } from './mounted-part.js';
import { type CheckReport, openVerity, type VerityProblem } from './open-verity.js';
import type { Workspace } from './workspace.js';

/** A part of an image that the policy lets be used. */
export interface PartUse {
  readonly image: Image;
  readonly part: Part;
  readonly verity: VeritySource | null;
  readonly required: Requirement;
  /** The only ones that the policy allows; empty if each is. */
  readonly fileSystems: readonly FileSystemFlag[];
}

/** Where things are found that are not in the image. */
export interface OpenSettings {
  /** Absolute path, free of symlinks. */
  readonly root: string;
  /** Who may have signed images; asked only where there is a signature. `null`: signatures are not checked by us. */
  readonly trusted: () => TrustedCertificates | null;
}

/** A part that is ready to be mounted. */
export interface OpenPart {
  readonly kind: 'open';
  readonly mountable: Pick<MountableFileSystem, 'source' | 'type' | 'loop' | 'isLimited'>;
  /** What `mountable.source` is made of, if it is a mapped device. */
  readonly mapped: (PartDevice & { readonly kind: 'verity' | 'luks' }) | null;
  readonly protection: Protection;
  /** In lower-case hexadecimal digits. */
  readonly rootHash: string | null;
  /** How it was checked; `null` where there is nothing to check it with. */
  readonly check: CheckReport | null;
  /** Loop devices below a mapped device; those that mount(8) makes are not known yet. */
  readonly loopDevices: readonly string[];
  /** To be looked at when it is mounted, and closed then. */
  readonly held: HeldImage | null;
}

/** Why a part cannot be used. */
export type PartProblem =
  | VerityProblem
  /** Encrypted, and there is no key; where it would be, with the root. */
  | { readonly kind: 'no-key'; readonly keyFile: string }
  | { readonly kind: 'no-mapper'; readonly problem: MapperProblem }
  | { readonly kind: 'wrong-key'; readonly keyFile: string; readonly cause: CommandFailedError }
  /** What is in the encrypted volume, which is nothing that layers can be had from. */
  | { readonly kind: 'encrypted-content'; readonly content: Content }
  /** Only now it is to be seen that the policy does not allow it. */
  | {
      readonly kind: 'encrypted-file-system';
      readonly found: string;
      readonly wanted: readonly FileSystemFlag[];
    };

/**
 * Makes a part ready for mount(8): opens encrypted volumes, and checks what has a hash tree, or has the kernel check it.
 *
 * @throws CommandMissingError, CommandFailedError of losetup(8), the errors of reading the image
 */
export function openPart(use: PartUse, settings: OpenSettings, workspace: Workspace): OpenPart | PartProblem {
  const { image, part, verity } = use;
  if (part.content.kind === 'luks') return openEncrypted(use, settings, workspace);
  if (verity !== null) return openVerity({ ...use, verity, type: part.content.type }, settings, workspace);
  const isWhole = part.chosen === null;
  const loop = { offset: part.extent.offset, size: isWhole ? null : part.extent.size };
  return {
    kind: 'open',
    // A device without partitions is mounted as it is.
    mountable: {
      source: image.path,
      type: part.content.type,
      loop: image.kind === 'block' && isWhole ? null : loop,
      isLimited: false,
    },
    mapped: null,
    protection: 'unprotected',
    rootHash: null,
    check: null,
    loopDevices: [],
    held: null,
  };
}

/** Where the key of an encrypted image is, below the root. */
export function keyFileOf({ name }: Pick<Image, 'name'>): string {
  return `/etc/sysext/keys.d/${name}.key`;
}

function openEncrypted(
  { image, part, fileSystems }: PartUse,
  { root }: OpenSettings,
  workspace: Workspace,
): OpenPart | PartProblem {
  const keyFile = keyFileOf(image);
  const found = findBelow(root, keyFile);
  if (found === null) return { kind: 'no-key', keyFile: join(root, keyFile) };
  const problem = findMapperProblem('cryptsetup');
  if (problem !== null) return { kind: 'no-mapper', problem };
  const { offset, size } = part.extent;
  const window = { offset, size: part.chosen === null ? null : size };
  const volume = { path: image.path, ...window };
  let opened: { device: string; loop: string };
  try {
    opened = openEncryptedDevice(volume, found, workspace);
  } catch (cause) {
    if (!(cause instanceof CommandFailedError) || cause.result.command[0] !== 'cryptsetup') throw cause;
    return { kind: 'wrong-key', keyFile: found, cause };
  }
  const content = identifyFile(opened.device);
  if (content.kind !== 'file-system' || !givesLayers(content)) return { kind: 'encrypted-content', content };
  if (fileSystems.length > 0 && !fileSystems.includes(content.type))
    return { kind: 'encrypted-file-system', found: content.type, wanted: fileSystems };
  return {
    kind: 'open',
    mountable: { source: opened.device, type: content.type, loop: null, isLimited: false },
    mapped: { kind: 'luks', volume, keyFile: found },
    protection: 'encrypted',
    rootHash: null,
    check: null,
    loopDevices: [opened.loop],
    held: null,
  };
}
