import { readFileSync } from 'node:fs';

/** CAP_SYS_ADMIN of linux/capability.h: the capability that mount(2) asks for. */
const CAP_SYS_ADMIN = 21n;

/**
 * Whether this process may mount: it has CAP_SYS_ADMIN, be it in a user namespace of its own (capabilities(7)).
 * Without `/proc`, being root is taken for it.
 */
export function mayMount(): boolean {
  const effective = readStatusField('CapEff');
  if (effective === null) return process.geteuid?.() === 0;
  return ((BigInt(`0x${effective}`) >> CAP_SYS_ADMIN) & 1n) === 1n;
}

/** The user that owns what this process creates, as the machine knows it outside of any user namespace. */
export function outerUserId(): number {
  const uid = process.geteuid?.() ?? 0;
  try {
    // user_namespaces(7): first id inside, first id outside, count. Only the line that maps us matters.
    for (const line of readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n')) {
      const [inside = 0, outside = 0, count = 0] = line.trim().split(/\s+/).map(Number);
      if (uid >= inside && uid < inside + count) return outside + (uid - inside);
    }
  } catch {
    // No /proc, or a kernel without user namespaces: ids are what they seem.
  }
  return uid;
}

/** Whether this process is in a user namespace where another user of the machine is called what it is called. */
export function isInUserNamespace(): boolean {
  return process.geteuid?.() !== outerUserId();
}

/**
 * Whether this is the user namespace that the machine started with: in any other one the kernel mounts no file system of a disk
 * (user_namespaces(7)), whoever one is there. Without `/proc`, or without user namespaces in the kernel, there is only that one.
 */
export function isInFirstUserNamespace(): boolean {
  try {
    return /^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
  } catch {
    return true;
  }
}

function readStatusField(name: string): string | null {
  try {
    const match = new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(
      readFileSync('/proc/self/status', 'utf8'),
    );
    return match?.[1] ?? null;
  } catch {
    return null;
  }
}
