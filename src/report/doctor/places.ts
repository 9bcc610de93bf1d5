import type { FindingOf } from '../../doctor/finding.js';
import { printable, quoted } from '../printable.js';
import type { Said } from './words.js';

export function describeStateDirectory({ outlook, runIsMount }: FindingOf<'state-directory'>): Said {
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

export function describeHierarchy({
  hierarchy,
  path,
  state,
  propagation,
  isReadOnly,
  reason,
}: FindingOf<'hierarchy'>): Said {
  const said = { title: printable(hierarchy), wanted: 'a directory, or none' };
  const link = path.endsWith(hierarchy) ? '' : `, ${quoted(path)}, to which a symlink leads`;
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

export function describeOsRelease({ state, path, id, versionId }: FindingOf<'os-release'>): Said {
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

export function describeSearchDirectory({ path, state }: FindingOf<'search-directory'>): Said {
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
