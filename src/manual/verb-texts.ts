import type { ExtensionClass } from '../extension-class.js';
import { placesOf } from '../install/places.js';
import type { VerbName } from '../options.js';
import { enumerate, literals, type Text } from './document.js';

/** The paragraphs of each verb. */
export function verbTexts({ name, hierarchies, searchPath, levelField }: ExtensionClass) {
  const { images, switches, runtime } = placesOf(searchPath);
  const field = levelField.replace('_LEVEL', '_VERSION_ID');
  return {
    status: [
      `Show for each of ${enumerate(literals(hierarchies))} which extensions are merged there and since when. This is what is done if no command is given. On a terminal it is also said, on standard error, what is installed and not merged.`,
    ],
    merge: [
      'Find the installed extensions, pass over those that do not fit, and merge the others; with *NAME* or the options under “Choice” only some of them. Fails if one of the hierarchies is merged already; `refresh` is for that. Either all hierarchies are merged or, if anything goes wrong, none.',
    ],
    unmerge: ['Take off what is merged. Nothing happens if nothing is merged.'],
    refresh: [
      'Merge what is installed now in place of what is merged. If nothing is merged yet, this is the same as `merge`; if no extension is left that could be merged, the same as `unmerge`. If the new merge cannot be built, the old one is put back.',
      'What was chosen for the merge still holds, unless something else is chosen now; it is said in one line. With `--all` it is forgotten. If nothing is merged, or nothing of it is left, there is no choice to hold on to. See “Choice”.',
      'If nothing has changed since the merge, all is left as it is, see “Refresh”.',
    ],
    list: [
      'List the installed extensions, whether they fit this system or not: name, type (`directory`, `subvolume`, `raw` or `block`), path and time of each.',
    ],
    explain: [
      'Say of each candidate for a merge what becomes of it, and why: where it was found, what hides or masks it, which of several versions was chosen by which rule, which release file counts, each comparison of that file with the host, and the smallest change that would make an extension fit that does not. *EXTENSION* is the name of an installed extension or the path of an image; without one all that is installed is explained. Nothing is merged; disk images are looked into in a mount namespace that nobody else sees, which only a privileged user can do. Beside an image that cannot be used nothing else is merged either, and that is said too.',
      'The exit status is `0` if all of it would be merged or is switched off on purpose, `1` if something would not be merged, and `2` if that cannot be told, or something fails. With `--json=` the output is that of the schema `docs/schema/explain-1.json`.',
    ],
    plan: [
      'Show what `merge`, `unmerge` or, without *COMMAND*, `refresh` would do, with these names of extensions if there are any: the exact steps, and why each of them is needed. First it is said which hierarchies would become read-only or writable, which mounts below them would move, and which units would be reloaded. Nothing is changed, and nobody is waited for. It is the very plan that the command carries out; disk images are looked into in a mount namespace that nobody else sees, which only a privileged user can do.',
      'With `--diff` it is also compared with what is merged now, with the reason why `refresh` would or would not do something. With `--format=sh` the steps are printed as a shell script with comments, which does the same on a machine without this program: for a POSIX shell, with mount(8), umount(8) and losetup(8) of util-linux. It takes back what it did if a step fails. What this program has checked against a hash tree is not checked once more by the script; it says so where that is the case, and stops if a file is not the same any more.',
      'The exit status is `0` if the command would do that, or would have nothing to do, `1` if it would fail or refuse to do anything, and `2` if that cannot be told, or something fails. With `1` and `2` no script is printed. With `--json=` the output is that of the schema `docs/schema/plan-1.json`.',
    ],
    which: [
      'Say of each *PATH* which layer it comes from: an extension, the host, or the write directory; and which copies in layers below are hidden by it, and whether they are the same. Symbolic links on the way are followed as they would be in the merged tree. What is told is what is merged now; if nothing is merged, or with `--planned`, what a merge would make. What lies under a merge is looked at in a mount namespace that nobody else sees, which only a privileged user can do.',
      'The exit status is `0` if all of them exist, `1` if one does not, and `2` if that cannot be told. With `--json=` the output is that of the schema `docs/schema/which-1.json`.',
    ],
    files: [
      'List the files and directories of an extension in the hierarchies, each with what is seen of it: `visible`; `replaces`, if it is seen in place of one in a layer below; `equal`, if that is the same; `merged`, a directory that is seen together with those of other layers; `removes`, a mark that hides something below; `hidden`. Of what is merged now, or of what a merge would make, as with `which`.',
      'The exit status is `0` if all is seen, `1` if something is hidden, and `2` if that cannot be told. With `--json=` the output is that of the schema `docs/schema/files-1.json`.',
    ],
    conflicts: [
      'Say what layers do to each other: files that are in two extensions, or in an extension and the host, and who wins. The kinds are `content`, `mode` (other mode or owner), `type` (such as a file in place of a directory), `whiteout` and `opaque` (marks of overlayfs that remove something), `modules` (indexes of kernel modules), `library` (shared libraries), `unit` (units of the service manager), `mount` (covered by something that is mounted there) and `equal`, which does no harm. Of what is merged now, or of what a merge would make, as with `which`.',
      'The exit status is `1` if there is a conflict of a kind that `--fail-on=` names and that `--allow=` does not allow, and `2` if that cannot be told. With `--json=` the output is that of the schema `docs/schema/conflicts-1.json`.',
    ],
    graph: [
      'Draw the layers of each hierarchy: which lies on which, how many files each adds, and what it hides. Of what is merged now, or of what a merge would make, as with `which`. The exit status is `2` if something could not be looked at. With `--json=` the output is that of the schema `docs/schema/graph-1.json`.',
    ],
    check: [
      'With `--against=` and a system to come, say of all that is installed, or of each *IMAGE*, whether it would still be merged there; see that option. Otherwise: look for what the author of an image should know before others merge it: the release file, files that are not merged, owners and modes, symbolic links, units that nothing starts, programs that are not there, and so on. Each finding has a code that does not change, a reason and a remedy; the codes are listed under “Findings”. In the end stands what has to be run after a merge, such as systemd-tmpfiles(8), in the right order. *IMAGE* is a file, a block device or a directory, or the name of an installed image. What the image needs of its host is looked for below `--root=`, or on this system if the image is made for it. Nothing is merged; disk images are looked into in a mount namespace that nobody else sees, which only a privileged user can do.',
      'The exit status is `0` if there are at most notes, `1` if there are errors or warnings, and `2` if an image cannot be looked into, or something fails. With `--json=` the output is that of the schema `docs/schema/check-1.json`, or `docs/schema/against-1.json`; see also `--format=`.',
    ],
    install: [
      `Copy an image file or a directory, or download an image file by \`http:\` or \`https:\`, and put it into the versioned directory \`${images}/\`*NAME*\`.raw.v/\` (of a directory, *NAME*\`.v/\`), beside the versions that are there. Name and version are taken from the file name, *NAME*\`_\`*VERSION*[\`_\`*ARCHITECTURE*]\`.raw\`; if it has no version, from \`${field}=\` in the release file, or from \`--version-as=\`. Without any version it is installed as \`${images}/\`*NAME*\`.raw\`, and the next one takes its place. What lies beside a local image, such as *NAME*\`.roothash\`, is copied as well.`,
      'Before it can be picked it is checked: the format, the image policy with hash tree and signature, the release file, and whether it fits this system, which `--force` overrides; the checksum `--sha256=`, or of a download that in the file `SHA256SUMS` beside it. Until then it has a name that nobody takes for an extension, and its last step is a rename, so that neither a bad download nor a crash changes what the next merge takes. What a killed call has left goes with the next call that installs something, or with `doctor --fix`. Nothing is merged without `--now`.',
      'A download that was interrupted is kept for a week, and the same command goes on with it: where there is a checksum, or where the server says by `ETag` or `Last-Modified` that the file is the same still. Else it begins anew.',
    ],
    remove: [
      `Remove an extension from \`${images}\` with all its versions, or one version of it. An image that is merged stays merged until the next refresh; of a directory that is merged \`--now\` is needed, since its files are in use.`,
    ],
    versions: [
      'List all versions that are installed, of all extensions or of one: which one a merge picks, which is merged, and how many tries are left of those that are counted. *STATE* is `picked`, `not-picked`, `hidden` (by the same name in an earlier directory), `disabled` or `masked`. With `--json=` the output is that of the schema `docs/schema/versions-1.json`.',
    ],
    rollback: [
      'Have an older version picked: *VERSION*, or the one before that which is picked now. Newer versions get the counter `+0` in their file names, which says that they have no tries left, so that they are the last resort for `systemd-sysext` as well (systemd.v(7)). It is undone with `rollback` to the newer version. What is installed later is picked as always.',
      'Where the extension is a symbolic link that a transfer file of systemd-sysupdate(8) names as `CurrentSymlink=`, it is the link that changes, with those of all resources of the component; no file gets another name. `update` leaves it there until there is a version that is newer than all that are kept.',
    ],
    update: [
      'Install newer versions as the transfer files of systemd-sysupdate(8) say (sysupdate.d(5)): `/etc/sysupdate.d/*.transfer`, in `/run`, `/usr/local/lib` and `/usr/lib` as well, with drop-ins, and those of components in `sysupdate.NAME.d`. Sources are the types `url-file` and `regular-file`, targets `regular-file`; a component with transfers of other types is left to systemd-sysupdate. *NAME* is that of a component, of a transfer file, or of what it updates; without it everything is updated.',
      'What a server has stands in its file `SHA256SUMS`, whose OpenPGP signature `SHA256SUMS.gpg` must be by a key in `/etc/systemd/import-pubring.pgp` or `/usr/lib/systemd/import-pubring.pgp`, unless `Verify=no`. Each file is compared with the checksum there, unpacked by gzip(1), xz(1), zstd(1) or bzip2(1), and what a merge would come upon is checked as by `install`. A download that broke off is continued by the next call. Where a file `NAME_VERSION.raw.extension-release` lies beside the image, a version that does not fit this system is passed over before it is downloaded. Only when all of a component is there it is put in place, and after that old versions go (`InstancesMax=`), those first that were rolled back.',
      'With `--now` a refresh follows in any case, since an earlier call without it may have left a version that is picked and not merged. If nothing is new and the refresh changes nothing, nothing is said of it.',
      'With `--check` nothing is changed: the exit status is `0` if there is something newer, `1` if not, `2` for a failure. `--dry-run` says what would be done. With `--json=` the output is that of the schema `docs/schema/update-1.json`.',
    ],
    disable: [
      `Switch installed extensions off: they are not merged until they are enabled again. It is a symbolic link *NAME* to an empty directory in \`${switches}\`, or with \`--runtime\` in \`${runtime}\`, which hides what has the name in later directories.${switches === images ? ` For what is installed in \`${images}\` itself systemd honours that only by chance; with \`--runtime\` always.` : ''}`,
    ],
    enable: ['Take back what `disable` has done.'],
    mask: [
      'Let nothing be merged by a name, whether an extension of that name is installed or not. Otherwise as `disable`.',
    ],
    unmask: [
      'Take back what `mask` has done. Masks that were made by hand, an empty directory or a symbolic link to `/dev/null`, are removed as well.',
    ],
    expect: [
      'Say whether what is asserted of this machine is so: for scripts, and for tests in continuous integration, after a merge. Each *ASSERTION* is one argument, so it is put into quotes; the forms are described under “Assertions”. It is the machine as it is that is looked at: the mount table, the records of the merge, the files themselves. Nothing is changed, but for what commands do that it is told to run.',
      'The exit status is `0` if all of them hold, `1` if one does not, and `2` if none fails but something cannot be told, or an assertion cannot be understood; then nothing was looked at. With `--json=` the output is that of the schema `docs/schema/expect-1.json`; see also `--format=` and `--file=`.',
    ],
    init: [
      'Write the source tree of a new extension into the directory *NAME*: a release file with comments, for this system unless options say otherwise, and one file to see it at work. What is there already is never overwritten.',
    ],
    pack: [
      `Make an image of directories, Debian packages and archives. Of each *SOURCE* ${enumerate(literals(hierarchies))} ${hierarchies.length === 1 ? 'is' : 'are'} taken; files of a later one replace those of an earlier one. Which of them a file is shows its content; see also \`--deb=\` and \`--tar=\`. The release file is made of that of the sources and of \`--for-host=\`, \`--id=\`, \`--version-id=\`, \`--level=\`, \`--scope=\` (with commas), \`--arch=\` and \`--field=\`; without \`--arch=\` it is for the architecture of the programs in it.`,
      ...(name === 'sysext'
        ? [
            'Files in `/etc`, and in `/var` of Debian packages, are no part of such an extension. They are moved to `/usr/share/factory`, with rules by which systemd-tmpfiles(8) copies those that are missing, and makes directories that no file brings along. With `--service=` that, and what systemd-sysusers(8) does for the extension, is done by a service of its own before the unit starts. Scripts in `/etc/init.d` are left out where there is a unit of that name.',
          ]
        : []),
      'The form is that of `--format=`: `squashfs`, the default, `erofs`, `ext4`, or `directory`; with `--verity` or `--private-key=` a disk image with that file system. All files belong to root. The same sources give the same bytes: no time is later than `SOURCE_DATE_EPOCH`, or than that of the newest file of the sources, and identifiers come from the content. It takes mksquashfs(1), mkfs.erofs(1), or mke2fs(8) and debugfs(8), and no privileges.',
      'In the end the image is checked, as by `check`. The exit status is 1 if there are errors; the image is there all the same.',
    ],
    run: [
      `Run a command that sees the extensions given by \`--with=\` and \`--with-confext=\`, while nobody else does: they are merged in a mount namespace of its own (mount_namespaces(7)), which goes with the last process in it. So nothing is left whatever happens. Put \`--\` before the command. Extensions are held to all rules of a merge, but one that does not fit is an error, unless there is \`--force\`. What is merged on the machine is still seen, below.`,
      'Standard input, output and error are those of the command, and signals that this program gets are passed on to it. The exit status is that of the command, 128 and the number of the signal that it died of, 126 if it may not be executed, 127 if there is no such command, and 125 for every other failure.',
      'Below another root, `--root=`, the command has that as its root directory, with `/proc`, `/sys` and `/dev` of this machine where there are directories for them. It begins in the working directory if that is below the root, else in `/`.',
      'Who is not root gets a user namespace as well (user_namespaces(7)), in which the command has the same user and no privileges. Image files are then shown by squashfuse(1), erofsfuse(1) or fuse2fs(1), or where these do not work unpacked into memory, by unsquashfs(1), fsck.erofs(1) or debugfs(8).',
    ],
    inspect: [
      'Show what an image is and what is in it: its format, its partitions and why each is used or not, its root hashes, what protects it, its release file, and how many files it has for each hierarchy. *IMAGE* is a file, a block device or a directory, or the name of an installed image. Nothing is merged; the files of an image are looked at in a mount namespace that nobody else sees, which only a privileged user can do. The exit status is 1 for an image that cannot be used. With `--json=` the output is that of the schema `docs/schema/inspect-1.json`.',
    ],
    policy: [
      'Explain in words what an image policy means: for each partition, for images of the usual kinds, and what is easily overlooked. Without *POLICY* it is the one in force, and it is said who set it. A policy is best put into quotes, because to a shell `~` and `*` mean something else. See “Image policies”.',
    ],
    lock: [
      'Write down what is merged: of each extension the name, the version, the path, and a digest of its content; the order of the layers, the hierarchies, the mutable mode, and what the host is. The same set makes the same bytes. Extensions that were changed since they were merged, and what systemd-sysext(8) has merged, cannot be locked before a refresh. See “Lock files”.',
    ],
    verify: [
      'Say whether what is merged is what a lock file says, and if not, each difference. All images and directories that were merged are read, which may need privileges. The exit status is `0` if it is the same, `1` if it differs, and `2` if that cannot be told, or something fails. With `--json=` the output is that of the schema `docs/schema/verify-1.json`. See “Lock files”.',
    ],
    doctor: [
      'Say whether this machine has what the program needs, and what is missing for which feature: privileges, programs and their versions, whether an overlay can be mounted over each hierarchy, loop devices, file systems, device mapper, the release file of the host, and more. Where something is missing, it says what to do, with the command line if there is one. Also what calls that were killed have left is named; with `--fix` it is taken away. Otherwise nothing is changed: overlays are tried where nobody else sees it, which only a privileged user can do.',
      'The programs that only `pack`, `run` and `update` call are listed with the Debian packages that have them, and where they are; they count for nothing else.',
      'The exit status is `0` if directories can be merged and nothing is left of killed calls, whatever else is missing; `1` if not; `2` if that cannot be told, or something fails. With `--json=` the output is that of the schema `docs/schema/doctor-1.json`.',
    ],
    completion: [
      'Print a script that makes a shell complete commands, options and their values. See “Examples” for what to do with it.',
    ],
    help: [`Print a short help, as \`${name} --help\` does.`],
  } as const satisfies Readonly<Record<VerbName, readonly Text[]>>;
}
