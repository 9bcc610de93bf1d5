import type { HashTreeVerdict, Mismatch } from '../images/verity/hash-tree.js';
import type { SidecarRootHashProblem } from '../images/verity/sidecars.js';
import type { SignatureOutcome } from '../images/verity/signature-outcome.js';
import type { FileProblem } from '../images/verity/small-file.js';
import type { VerityProblem } from '../mount/open-verity.js';
import type { Advice } from './content.js';
import { printable, quoted } from './printable.js';

/** Why an image whose content can be checked is not used. */
export function describeVerityProblem(problem: VerityProblem): Advice {
  switch (problem.kind) {
    case 'verity':
      return describeMismatch(problem.verdict);
    case 'signature':
      return {
        problem: `the image policy asks for a signature, and ${describeSignature(problem.outcome)}`,
        remedy: remedyOf(problem.outcome),
      };
    case 'damaged-signature-partition':
      return {
        problem: `the image policy asks for a signature, and its signature partition is damaged (${printable(problem.field)} is ${quoted(problem.found)}, not ${printable(problem.wanted)})`,
        remedy: 'copy the image again, or remove it',
      };
    case 'unusable-file':
      return describeFileProblem(problem);
  }
}

function describeMismatch(verdict: Exclude<HashTreeVerdict, { readonly kind: 'verified' }>): Advice {
  const replace = 'it is damaged or was tampered with: copy the image again, or remove it';
  switch (verdict.kind) {
    case 'mismatch':
      return { problem: describeBlock(verdict), remedy: replace };
    case 'too-short':
      return {
        problem: `its ${verdict.which === 'data' ? 'data' : 'hash tree'} should have ${verdict.size} bytes, but has ${verdict.available}`,
        remedy: replace,
      };
    case 'root-hash-size':
      return {
        problem: `its root hash has ${verdict.found} bytes, but ${verdict.algorithm} hashes have ${verdict.wanted}`,
        remedy: 'correct the root hash, or make the hash tree anew',
      };
    case 'damaged-superblock':
      // It may be a good tree of a kind that the kernel knows, and this program does not.
      if (verdict.field === 'algorithm')
        return {
          problem: `its hash tree is made with ${quoted(verdict.found)}, and only ${printable(verdict.wanted)} can be checked here`,
          remedy: 'make the hash tree anew with one of these; if it was made so, copy the image again',
        };
      return {
        problem: `the superblock of its hash tree is damaged (${printable(verdict.field)} is ${quoted(verdict.found)}, not ${printable(verdict.wanted)})`,
        remedy: replace,
      };
  }
}

function describeBlock({ where, block, level }: Mismatch): string {
  switch (where) {
    case 'root-hash':
      return 'its content is not what its root hash is for';
    case 'tree':
      return `block ${block} of its hash tree (level ${level}) is not what it was when the tree was made`;
    case 'data':
      return `block ${block} of its data is not what it was when the hash tree was made`;
    case 'spare-area':
      return `block ${block} of its hash tree (level ${level}) has more in it than the hashes of the data that it is for`;
  }
}

/** What a signature is worth, as the rest of a sentence. */
export function describeSignature(outcome: SignatureOutcome): string {
  switch (outcome.kind) {
    case 'signed':
      return `it is signed by ${quoted(outcome.subject)} (${printable(outcome.certificate)})`;
    case 'unsigned':
      return 'it has none';
    case 'invalid':
      switch (outcome.reason.kind) {
        case 'malformed':
          return `its signature cannot be read (${printable(outcome.reason.field)})`;
        case 'other-content':
          return 'its signature is damaged, or that of another root hash';
        case 'wrong-key':
          return `its signature was not made with the key of ${quoted(outcome.reason.certificate)}, which it names`;
      }
      break;
    case 'untrusted':
      return outcome.certificates === 0
        ? 'nobody is trusted to sign: there is no certificate in verity.d'
        : `its signer (issuer ${quoted(outcome.issuer)}, number ${printable(outcome.serial)}) is none of the ${outcome.certificates} who are trusted`;
    case 'unchecked':
      switch (outcome.reason.kind) {
        case 'switched-off':
          return 'checking signatures against certificates is switched off';
        case 'algorithm':
          return `its signature is of a kind that is not checked (${printable(outcome.reason.algorithm)})`;
        case 'certificates':
          return `not all certificates could be read (${outcome.reason.problems.map(({ file }) => quoted(file)).join(', ')})`;
      }
  }
}

/** What to do where a signature is not worth what it is asked for. */
export function remedyOf(outcome: SignatureOutcome): string {
  switch (outcome.kind) {
    case 'untrusted':
      return "put the signer's certificate into /etc/verity.d as NAME.crt if you trust it";
    case 'unchecked':
      return outcome.reason.kind === 'certificates'
        ? 'correct or remove these files'
        : 'use an image with another signature, or an image policy that asks for less';
    case 'unsigned':
      return 'use a signed image, or an image policy that asks for less';
    default:
      return 'copy the image again, or remove it';
  }
}

/** A file beside an image, which should say something of its protection. */
export function describeFileProblem({ file, problem, limit, code }: FileProblem): Advice {
  const what = {
    'no-regular-file': 'is no regular file',
    'too-large': `is larger than ${limit} bytes`,
    empty: 'is empty',
    unreadable: `cannot be read (${printable(code)})`,
  }[problem];
  return { problem: `${quoted(file)} beside it ${what}`, remedy: 'correct or remove that file' };
}

/** A root hash beside an image that is none. */
export function describeRootHashProblem(
  problem: Exclude<SidecarRootHashProblem, { readonly kind: 'unusable-file' }>,
): Advice {
  const { source } = problem;
  const what = {
    empty: 'is empty',
    'no-hexadecimal-digits': `has other characters than hexadecimal digits (${quoted(problem.text)})`,
    'odd-number-of-digits': 'has an odd number of digits',
    'too-short': 'has less than 32 digits',
    'too-long': 'has too many digits',
  }[problem.problem];
  return source.kind === 'file'
    ? { problem: `the root hash in ${quoted(source.file)} ${what}`, remedy: 'correct or remove that file' }
    : {
        problem: `the root hash in its extended attribute ${source.attribute} ${what}`,
        remedy: 'correct or remove it with setfattr(1)',
      };
}
