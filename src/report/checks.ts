import type { CheckReport, KernelProblem } from '../mount/open-verity.js';
import { printable, quoted } from './printable.js';
import { describeSignature, remedyOf } from './protection.js';
import { firstLineOf } from './reason.js';

interface CheckMessage {
  readonly level: 'debug' | 'info' | 'warning';
  readonly message: string;
}

/** How an image was checked that has been mounted; nothing for the user to do but to know. */
export function describeCheck(name: string, check: CheckReport): CheckMessage[] {
  const lines: CheckMessage[] = [];
  const { by, signature } = check;
  if (by.kind === 'program') {
    lines.push({
      level: 'info',
      message: `Checked all ${by.bytes} bytes of ${quoted(name)} against its hash tree before mounting, since the kernel cannot do it while it reads: ${describeKernelProblem(by.because)}.`,
    });
  } else
    lines.push({ level: 'debug', message: `The kernel checks ${quoted(name)} while it reads (dm-verity).` });
  if (signature.kind === 'signed' || signature.kind === 'signed-for-kernel') {
    const who =
      signature.kind === 'signed'
        ? `${quoted(signature.subject)}, who is trusted by ${printable(signature.certificate)}`
        : "somebody in the kernel's keyring";
    lines.push({ level: 'debug', message: `The root hash of ${quoted(name)} is signed by ${who}.` });
  } else if (signature.kind !== 'unsigned') {
    lines.push({
      level: 'warning',
      message: `${quoted(name)} is merged as an image without signature, though it has one: ${describeSignature(signature)}. The image policy allows that; ${remedyOf(signature)}.`,
    });
  }
  return lines;
}

/** A root hash may be set for an image whose hash tree is left alone for want of one. */
export function describeMissingGetfattr(name: string): string {
  return `${quoted(name)} has a hash tree beside it, but is merged without being checked: a root hash in an extended attribute could not be read; install getfattr (package attr).`;
}

function describeKernelProblem(problem: KernelProblem): string {
  switch (problem.kind) {
    case 'no-device-mapper':
      return 'it has no device mapper, or this container may not use it';
    case 'no-program':
      return `${problem.program}(8) is not installed`;
    case 'refused':
      return `veritysetup(8) failed (${printable(firstLineOf(problem.result))})`;
  }
}
