/** A function of the script; those that it calls come before it in the table. */
interface ShellFunction {
  readonly needs: readonly ShellFunctionName[];
  readonly lines: readonly string[];
}

export type ShellFunctionName =
  | 'fail'
  | 'warn'
  | 'device'
  | 'merged'
  | 'has_entries'
  | 'alike'
  | 'label'
  | 'backing'
  | 'attach'
  | 'mounted'
  | 'make_point'
  | 'hide_metadata'
  | 'plain_point'
  | 'need_point'
  | 'detach'
  | 'put_back'
  | 'reach'
  | 'put_beneath'
  | 'begins'
  | 'lift'
  | 'listed'
  | 'go_back'
  | 'same';

/** What the script defines, as far as it is used. METADATA stands for the name of the metadata directory. */
const FUNCTIONS: Readonly<Record<ShellFunctionName, ShellFunction>> = {
  warn: { needs: [], lines: [`warn() { printf '%s\\n' "$*" >&2; }`] },
  fail: { needs: ['warn'], lines: ['fail() { warn "$*"; exit 1; }'] },
  device: {
    needs: [],
    lines: [
      '# Number of the file system that a directory is on, MAJOR:MINOR as the kernel writes it (makedev(3)).',
      'device() {',
      '  number=$(stat -L -c %d "$1")',
      `  printf '%s:%s' "$(((number >> 8 & 0xfff) | (number >> 32 & 0xfffff000)))" \\`,
      '    "$(((number & 0xff) | (number >> 12 & 0xffffff00)))"',
      '}',
    ],
  },
  merged: {
    needs: ['device'],
    lines: [
      '# Whether a merge is seen at a directory: a file system begins there that carries its own number.',
      'merged() {',
      '  [ -d "$1" ] && [ "$(device "$1")" != "$(device "$1/..")" ] &&',
      '    [ -f "$1/METADATA/dev" ] && [ "$(cat "$1/METADATA/dev")" = "$(device "$1")" ]',
      '}',
    ],
  },
  has_entries: { needs: [], lines: [`has_entries() { [ -n "$(ls -A "$1" 2>/dev/null)" ]; }`] },
  alike: {
    needs: [],
    lines: [
      '# Owner and mode of another directory: the root of a merged hierarchy shows those of its top layer.',
      'alike() {',
      '  # In a user namespace the owner may have no number.',
      '  chown "$(stat -L -c %u:%g "$2")" "$1" 2>/dev/null || :',
      '  chmod "$(stat -L -c %a "$2")" "$1"',
      '}',
    ],
  },
  label: {
    needs: [],
    lines: [
      "# Where SELinux is on, confined programs could not look into what has the label of this script's maker.",
      'label() {',
      '  if [ -e /sys/fs/selinux/enforce ] && [ -e /etc/selinux/config ] && [ -w /sys/fs/selinux ]; then',
      '    like=$1',
      '    shift',
      '    chcon --reference="$like" --no-dereference "$@" ||',
      '      [ "$(cat /sys/fs/selinux/enforce)" = 0 ] || return 1',
      '  fi',
      '}',
    ],
  },
  backing: {
    needs: ['device', 'has_entries'],
    lines: [
      '# backing DIRECTORY FILE: the number of the disk, if it is on one; of a LUKS volume that of the disk below it.',
      'backing() {',
      '  has_entries "$1" || return 0',
      '  to=$2',
      '  disk=$(device "$1")',
      '  case $disk in 0:*) return 0 ;; esac',
      '  if [ -d "/sys/dev/block/$disk/dm" ]; then',
      '    set -- "/sys/dev/block/$disk/slaves/"*',
      '    if [ $# -eq 1 ] && [ -e "$1/dev" ]; then disk=$(cat "$1/dev"); fi',
      '  fi',
      `  printf '%s\\n' "$disk" >"$to"`,
      '}',
    ],
  },
  attach: {
    needs: [],
    lines: [
      '# A loop device. One that is free may be taken by another process before losetup(8) has it.',
      'attach() {',
      '  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do',
      '    if losetup --find --show --read-only "$@" 2>/dev/null; then return 0; fi',
      '    sleep 0.05 2>/dev/null || sleep 1',
      '  done',
      '  losetup --find --show --read-only "$@"',
      '}',
    ],
  },
  mounted: {
    needs: [],
    lines: [
      '# Whether a mount is the topmost at its place: number, directory on that file system and place, as in',
      '# /proc/self/mountinfo.',
      'mounted() {',
      '  found=no',
      '  while read -r _ _ number from place _; do',
      '    if [ "$place" = "$3" ]; then',
      '      found=no',
      '      if [ "$number $from" = "$1 $2" ]; then found=yes; fi',
      '    fi',
      '  done </proc/self/mountinfo',
      '  [ "$found" = yes ]',
      '}',
    ],
  },
  make_point: {
    needs: ['alike'],
    lines: [
      '# make_point PATH KIND TOP LAYER...: a mount point that is not seen in the layers is made in the top layer;',
      '# directories on the way look as in the layer where they are seen. No symlink of a layer is followed.',
      'make_point() {',
      '  point=$1 kind=$2 top=$3',
      '  shift 3',
      '  if ! along_point look "$@"; then along_point make "$@"; fi',
      '}',
      'along_point() {',
      '  what=$1 rest=$point/ part=',
      '  shift',
      '  while [ -n "$rest" ]; do',
      `    part=$part\${part:+/}\${rest%%/*}`,
      `    rest=\${rest#*/}`,
      '    seen= hidden=no count=$#',
      '    while [ "$count" -gt 0 ]; do',
      '      layer=$1 count=$((count - 1))',
      '      shift',
      '      if [ "$hidden" = yes ] || { [ ! -e "$layer/$part" ] && [ ! -L "$layer/$part" ]; }; then continue; fi',
      '      if [ -d "$layer/$part" ] && [ ! -L "$layer/$part" ]; then set -- "$@" "$layer"; else hidden=yes; fi',
      `      seen=\${seen:-$layer/$part}`,
      '    done',
      '    shape=file',
      '    if [ -d "$seen" ]; then shape=directory; fi',
      '    if [ -z "$seen" ] || [ -L "$seen" ] || [ -c "$seen" ]; then shape=none; fi',
      '    wanted=directory',
      '    if [ -z "$rest" ]; then wanted=$kind; fi',
      '    if [ "$what" = look ]; then',
      '      [ "$shape" = "$wanted" ] || return 1',
      '    elif [ "$wanted" = file ]; then',
      '      : >"$top/$part"',
      '    else',
      '      mkdir -p "$top/$part"',
      '      if [ "$shape" = directory ]; then alike "$top/$part" "$seen"; fi',
      '    fi',
      '  done',
      '}',
    ],
  },
  hide_metadata: {
    needs: [],
    lines: [
      '# hide_metadata TOP LAYER...: what a layer has in a metadata directory of its own would be seen where ours has',
      '# nothing of that name; a device 0:0 is what overlayfs takes for "not there".',
      'hide_metadata() {',
      '  top=$1',
      '  shift',
      '  for layer; do',
      '    if [ -d "$layer/METADATA" ] && [ ! -L "$layer/METADATA" ]; then',
      '      for file in work_dir backing; do',
      '        own=$top/METADATA/$file',
      '        if [ ! -e "$own" ]; then mknod "$own" c 0 0; fi',
      '      done',
      '    fi',
      '  done',
      '}',
    ],
  },
  plain_point: {
    needs: ['fail'],
    lines: [
      '# plain_point BASE PATH: mount(8) would follow a symlink on the way to a mount point wherever it leads.',
      'plain_point() {',
      '  rest=$2/ part=$1',
      '  while [ -n "$rest" ]; do',
      `    part=$part/\${rest%%/*}`,
      `    rest=\${rest#*/}`,
      '    if [ -L "$part" ]; then fail "$part is a symlink: the mount at $1/$2 cannot be kept."; fi',
      '  done',
      '}',
    ],
  },
  need_point: {
    needs: [],
    lines: [
      '# An extension may have brought the mount point along; without it the host needs one of its own.',
      'need_point() {',
      '  if [ -e "$1" ] || [ -L "$1" ]; then return 0; fi',
      '  if [ "$2" = directory ]; then mkdir -p "$1"; return 0; fi',
      `  mkdir -p "\${1%/*}"`,
      '  : >"$1"',
      '}',
    ],
  },
  detach: {
    needs: ['merged'],
    lines: [
      '# detach PLACE KEEP: takes off what is merged, and keeps it. Other programs may have stacked several.',
      'detach() {',
      '  count=0',
      '  while merged "$1"; do',
      '    mkdir -p "$2/$count"',
      '    mount -n -i -o rbind "$1" "$2/$count"',
      '    mount -n -i --make-rprivate "$2/$count"',
      '    umount -n -i -l "$1"',
      '    count=$((count + 1))',
      '  done',
      '}',
    ],
  },
  put_back: {
    needs: ['device'],
    lines: [
      '# The opposite of detach, however much of it had been done.',
      'put_back() {',
      '  count=99',
      '  while [ "$count" -ge 0 ]; do',
      '    if [ -d "$2/$count" ] && [ "$(device "$2/$count")" != "$(device "$2")" ] &&',
      '      [ "$(device "$2/$count")" != "$(device "$1")" ]; then',
      '      mount -n -i -o rbind "$2/$count" "$1" || kept=yes',
      '    fi',
      '    count=$((count - 1))',
      '  done',
      '}',
    ],
  },
  begins: {
    needs: ['device'],
    lines: [
      '# Whether a file system begins at a directory.',
      'begins() { [ -d "$1" ] && [ "$(device "$1")" != "$(device "$1/..")" ]; }',
    ],
  },
  reach: {
    needs: ['begins'],
    lines: [
      '# reach KIND FROM TO MERGED...: a directory once more, without what is merged in it. What is a mount of its own is',
      '# only copied together with all other mounts, and the merges then come off the copy.',
      'reach() {',
      '  kind=$1 from=$2 to=$3',
      '  shift 3',
      '  mkdir -p "$to"',
      '  if [ "$kind" = directory ] && mount -n -i -o bind "$from" "$to" 2>/dev/null; then',
      '    mount -n -i --make-private "$to"',
      '    return 0',
      '  fi',
      '  mount -n -i -o rbind "$from" "$to"',
      '  mount -n -i --make-rprivate "$to"',
      '  for merge; do',
      '    if begins "$merge"; then umount -n -i -l "$merge"; fi',
      '  done',
      '}',
    ],
  },
  put_beneath: {
    needs: [],
    lines: [
      '# put_beneath FROM PLACE: needs mount(8) 2.42, without its way over mount(2), and Linux 6.5. With older ones the new',
      '# overlay is shown right after the old one has gone, and for a moment neither is seen.',
      '# That of busybox takes --beneath for an option of the file system, and would put it on top.',
      'put_beneath() {',
      '  case $(mount --help 2>/dev/null) in *--beneath*) ;; *) return 1 ;; esac',
      '  LIBMOUNT_FORCE_MOUNT2=never mount -n -i --beneath --move "$1" "$2" 2>/dev/null',
      '}',
    ],
  },
  lift: {
    needs: ['begins'],
    lines: [
      '# lift FROM PLACE: an overlay that was put beneath is no longer where it was built.',
      'lift() {',
      '  if begins "$1"; then',
      '    umount -n -i -l "$2"',
      '    mount -n -i -o rbind "$1" "$2"',
      '  else',
      '    umount -n -i -l "$2"',
      '  fi',
      '}',
    ],
  },
  listed: {
    needs: [],
    lines: [
      '# Whether the file system of a number is mounted at a place, be it covered; place as in /proc/self/mountinfo.',
      'listed() {',
      '  while read -r _ _ number _ place _; do',
      '    if [ "$number $place" = "$1 $2" ]; then return 0; fi',
      '  done </proc/self/mountinfo',
      '  return 1',
      '}',
    ],
  },
  go_back: {
    needs: ['begins', 'listed', 'put_beneath'],
    lines: [
      '# go_back FILE PLACE KEPT LISTED: what was merged before is shown again, however far the new overlay had come.',
      'go_back() {',
      '  new=$(cat "$1" 2>/dev/null)',
      '  old=',
      '  if begins "$3"; then old=$(device "$3"); fi',
      '  gone=no',
      '  if [ -n "$old" ] && ! listed "$old" "$4"; then gone=yes; fi',
      '  if [ -n "$new" ] && listed "$new" "$4"; then',
      '    top=$(device "$2")',
      '    if [ "$top" != "$new" ]; then',
      '      [ "$top" = "$old" ] || return 0',
      '      umount -n -i -l "$2"',
      '      gone=yes',
      '    fi',
      '    if [ "$gone" = yes ] && put_beneath "$3" "$2"; then gone=no; fi',
      '    umount -n -i -l "$2"',
      '  fi',
      '  if [ "$gone" = yes ]; then mount -n -i -o rbind "$3" "$2" || kept=yes; fi',
      '}',
    ],
  },
  same: {
    needs: ['fail'],
    lines: [
      '# same WHAT FORMAT PATH NAME: one that was replaced would be recorded with the numbers of another one, and what was',
      '# checked against a hash tree when this plan was made has to be what is mounted.',
      'same() {',
      '  [ "$(stat -c "$2" "$3")" = "$1" ] || fail "$4 is not what it was when this plan was made; make it again."',
      '}',
    ],
  },
};

/** The definitions of some functions and of all that they need, as lines. */
export function definitionsOf(names: ReadonlySet<ShellFunctionName>, metadataDirectory: string): string[] {
  const wanted = new Set<ShellFunctionName>();
  const add = (name: ShellFunctionName): void => {
    for (const other of FUNCTIONS[name].needs) add(other);
    wanted.add(name);
  };
  for (const name of names) add(name);
  const order = (Object.keys(FUNCTIONS) as ShellFunctionName[]).filter((name) => wanted.has(name));
  return order.flatMap((name) => [
    ...FUNCTIONS[name].lines.map((line) => line.replaceAll('METADATA', metadataDirectory)),
    '',
  ]);
}
