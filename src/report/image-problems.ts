import { formatImagePolicy } from '../images/policy/format.js';
import type { ImageProblem } from '../mount/examine-images.js';
import type { PartProblem, PartUse } from '../mount/open-part.js';
import { type Advice, describeUnusable, describeUnusableIn } from './content.js';
import { describeDissectionProblem } from './disk.js';
import { describeRefusal } from './image-policy/verdict.js';
import { quoted } from './printable.js';
import { describeFileProblem, describeRootHashProblem, describeVerityProblem } from './protection.js';
import { reasonOf } from './reason.js';

/** Why an image file cannot be used. */
export function describeImageProblem(problem: ImageProblem): Advice {
  switch (problem.kind) {
    case 'no-layers':
      return describeUnusable(problem.content);
    case 'sidecar':
      return problem.problem.kind === 'unusable-file'
        ? describeFileProblem(problem.problem)
        : describeRootHashProblem(problem.problem);
    case 'tree-beside-disk':
      return {
        problem: `it is a disk image, which has partitions for its hash tree, and ${quoted(problem.tree)} beside it is a second one`,
        remedy: 'remove that file',
      };
    case 'policy':
      return {
        problem: `the image policy ${quoted(formatImagePolicy(problem.policy))} refuses it: ${describeRefusal(problem.refusal)}`,
        remedy: 'use another image or, if you trust this one, another policy with --image-policy=',
      };
    case 'part':
      return describePartProblem(problem.use, problem.problem);
    case 'no-usr-directory':
      return {
        problem:
          'it has a usr partition, but in its root partition there is no directory /usr to mount it on',
        remedy: 'make the image anew, with an empty directory /usr in the root partition',
      };
    case 'changed':
      return {
        problem: 'it was changed or replaced while it was checked',
        remedy: 'try again when it is written, and put images in place with rename(2)',
      };
    default:
      return describeDissectionProblem(problem);
  }
}

function describePartProblem({ part }: PartUse, problem: PartProblem): Advice {
  const number = part.chosen?.data.number;
  const where = number === undefined ? 'it' : `its partition ${number}`;
  switch (problem.kind) {
    case 'no-key':
      return {
        problem: `${where} is encrypted (LUKS), and there is no key for it`,
        remedy: `put the key into ${quoted(problem.keyFile)}`,
      };
    case 'no-mapper':
      return problem.problem.kind === 'no-program'
        ? {
            problem: `${where} is encrypted (LUKS), and ${problem.problem.program}(8) is not installed`,
            remedy: 'install cryptsetup',
          }
        : {
            problem: `${where} is encrypted (LUKS), and this kernel has no device mapper, or does not let this container use it`,
            remedy: 'load its module with modprobe dm-crypt, or use an image that is not encrypted',
          };
    case 'wrong-key':
      return {
        problem: `${where} is encrypted (LUKS), and cannot be opened with the key in ${quoted(problem.keyFile)}: ${reasonOf(problem.cause)}`,
        remedy: 'put the right key there',
      };
    case 'encrypted-content':
      return describeUnusableIn('the encrypted volume', problem.content);
    case 'encrypted-file-system':
      return {
        problem: `the image policy asks for a file system of type ${problem.wanted.join(' or ')}, but in the encrypted volume there is ${problem.found}`,
        remedy: 'use another image, or another policy with --image-policy=',
      };
    default:
      return describeVerityProblem(problem);
  }
}
