/** How writable a merged hierarchy is, in the order in which `--mutable=help` lists them (systemd-sysext(8), "Mutability"). */
export const MUTABLE_MODES = ['no', 'yes', 'auto', 'import', 'ephemeral', 'ephemeral-import'] as const;

export type MutableMode = (typeof MUTABLE_MODES)[number];
