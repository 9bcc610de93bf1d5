import { NotAsAnnouncedError } from '../../update/acquire.js';
import { UnknownComponentError } from '../../update/choose-components.js';
import { DamagedError, TooLargeError } from '../../update/compression.js';
import { NotSymlinkError } from '../../update/install.js';
import { componentName } from '../../update/names.js';
import { KEYRINGS } from '../../update/signature.js';
import { ManifestError } from '../../update/stock.js';
import { TransferError } from '../../update/transfer.js';
import { printable, quoted, quotedList } from '../printable.js';
import { describeFailure } from './problems.js';

/** Errors of an update in words; `null` for others. */
export function describeUpdateError(error: unknown): string | null {
  if (error instanceof ManifestError)
    return `Cannot use ${printable(error.url)}: ${describeManifest(error)}.`;
  if (error instanceof UnknownComponentError) return describeUnknown(error);
  if (error instanceof TransferError) return `Cannot update: ${describeFailure(error.problem)}.`;
  if (error instanceof NotAsAnnouncedError)
    return `Cannot use ${quoted(error.path)}: its ${error.what} is ${printable(error.found)}, and should be ${printable(error.wanted)}. It was removed; try again, or tell whoever publishes it.`;
  if (error instanceof DamagedError)
    return `Cannot unpack the file: ${error.program} says: ${printable(error.text)}. Tell whoever publishes it.`;
  if (error instanceof TooLargeError)
    return `The file is larger than ${error.limit} bytes when it is unpacked; if that is right, set --max-size=.`;
  if (error instanceof NotSymlinkError)
    return `Cannot make the symlink ${quoted(error.path)}: there is something else of that name; move it away, or change CurrentSymlink=.`;
  return null;
}

function describeUnknown({ wanted, components }: UnknownComponentError): string {
  if (wanted === null)
    return 'There are no transfer files that say what to update from where; write one to /etc/sysupdate.d/NAME.transfer (see sysupdate.d(5)).';
  const names = components.map(componentName);
  const there = names.length === 0 ? 'there are no transfer files at all' : `there are ${quotedList(names)}`;
  return `No transfer file is about ${quoted(wanted)}: ${there}. They are looked for in /etc/sysupdate.d and /etc/sysupdate.NAME.d (see sysupdate.d(5)).`;
}

function describeManifest({ problem }: ManifestError): string {
  switch (problem.kind) {
    case 'missing':
      return 'the server has no such file; Path= must name the directory that it is in';
    case 'not-signed':
      return 'the server has no SHA256SUMS.gpg beside it; sign it, or set Verify=no if the way to the server can be trusted';
    case 'bad':
      return `its signature is not good (${printable(problem.text)})`;
    case 'no-keyring':
      return `there is no key to check its signature with; put the key of who publishes it into ${quotedList([KEYRINGS[0]![0]!])}`;
    case 'no-program':
      return 'its signature cannot be checked without gpgv(1); install gpgv or gnupg';
    case 'line':
      return `line ${problem.line} is none of a list of checksums: ${quoted(problem.text.slice(0, 80))}`;
    case 'too-old':
      return `it was only to be used until ${problem.day}; the server may be out of date, or somebody keeps newer versions from you`;
  }
}
