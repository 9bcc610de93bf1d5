import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { errorCode } from './root.js';

/** The mount tables of all mount namespaces that have a process which can be seen here. */
export interface MountNamespaces {
  /** As in /proc/PID/mountinfo (proc_pid_mountinfo(5)). */
  readonly tables: readonly string[];
  /** Whether that of every process of this user could be read. */
  readonly isComplete: boolean;
}

/** Reads them, each once. Without `/proc` there are none, and it is not complete. */
export function readMountNamespaces(): MountNamespaces {
  const tables = new Map<string, string>();
  let isComplete = true;
  const own = process.geteuid?.();
  for (const pid of processes()) {
    try {
      const namespace = readlinkSync(`/proc/${pid}/ns/mnt`);
      if (!tables.has(namespace)) tables.set(namespace, readFileSync(`/proc/${pid}/mountinfo`, 'latin1'));
    } catch (error) {
      // One that has ended uses nothing any more; what belongs to another user is no business of ours.
      const isForbidden = ['EACCES', 'EPERM'].includes(errorCode(error) ?? '');
      // Nor is the first process, which may hide itself even from root: it mounts nothing of ours, and is not alone there.
      if (isForbidden && pid !== '1' && ownerOf(pid) === own) isComplete = false;
    }
  }
  return { tables: [...tables.values()], isComplete: isComplete && tables.size > 0 };
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function ownerOf(pid: string): number | undefined {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid;
}

/** Whether something is mounted at a path in one of them, or has it as the work directory of an overlay. */
export function isInUse({ tables }: MountNamespaces, path: string): boolean {
  const bytes = Buffer.from(path).toString('latin1');
  const field = bytes.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
  return tables.some((table) =>
    table.split('\n').some((line) => {
      const [before = '', after = ''] = line.split(' - ', 2);
      return before.split(' ')[4] === field || hasWorkDirectory(after.split(' ')[2] ?? '', field);
    }),
  );
}

/** overlayfs escapes the commas of its own options as well. */
function hasWorkDirectory(options: string, field: string): boolean {
  return `${options},`.includes(`,workdir=${field.replaceAll(',', '\\054')},`);
}
