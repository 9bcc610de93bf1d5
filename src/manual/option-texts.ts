import type { ExtensionClass } from '../extension-class.js';
import { CONFLICT_KINDS } from '../layers/conflict-kind.js';
import type { OPTIONS } from '../options.js';
import { LEVELS } from '../report/log.js';
import { enumerate, literals, type Text } from './document.js';

/** The paragraphs of each option. What the command line says of itself in a line each is in src/options.ts. */
export function optionTexts({ name, mountFlags, mutableVariable, configFile, levelField }: ExtensionClass) {
  return {
    root: [
      'Work on the operating system below this directory instead of `/`. Images, release files and configuration files are looked for there, the hierarchies there are merged, and symbolic links do not lead out of it. The service manager is left alone, as with `--no-reload`.',
    ],
    class: [
      `Which class of extensions to work on, whatever name the program was called by: \`sysext\` or \`confext\`. Without it, a program whose name ends in \`confext\` works on configuration extensions, any other on system extensions. With \`help\` the classes are listed.`,
    ],
    force: [
      'Merge all extensions, or `install` one, also if the release file is missing or does not fit this system. Nothing protects the system from files that were made for another one then.',
    ],
    only: [
      `Merge only extensions whose name fits *GLOB*, a pattern as of a shell; beside those that are named, if there are any. It may be given several times. A pattern that fits nothing is an error. See “Choice”.`,
    ],
    except: [
      'Leave out extensions whose name fits *GLOB*. It may be given several times, and counts more than `--only=`. See “Choice”.',
    ],
    from: [
      'Look for extensions in this directory too, before all other places. It may be given several times; the first counts most. With `--root=` it is a directory below that root. See “Choice”.',
    ],
    order: [
      'Put these extensions on top of all others, the last of them uppermost, instead of where their names have them. *NAMES* are separated by commas. See “Choice”.',
    ],
    locked: [
      'Merge just the extensions that this lock file names, in its order, and nothing if they are not what it says: if one is missing, or has other content, another version, or another protection; if it does not fit; if the host or the mutable mode is another one. Each difference is named, and nothing was mounted. The file is written by the command `lock`. See “Lock files”.',
    ],
    'keep-going': [
      'Skip extensions that are broken, each with a warning that says what is wrong, and merge the others. The exit status is `3` then. Without this option one that is broken keeps all others from being merged. With `plan` it is said what that would come to.',
    ],
    strict: [
      'Merge nothing if anything that is installed, and chosen, would play no part: an extension that does not fit; an empty directory, which switches one off, and hides those of the same name in later places; an entry of a search directory that is a symbolic link to nothing, has a name that no extension can have, or is a versioned directory without a usable version. A symbolic link to `/dev/null` is meant, and so is an extension that hides another one and is merged. The exit status is `1` then, and nothing was mounted.',
    ],
    'exit-code': [
      'Let the exit status tell more of what came of it, see “Exit status”. Without this option it is `0` if nothing is found, if nothing fits, and if nothing has changed.',
    ],
    noexec: [
      `Whether programs in the merged hierarchies cannot be executed: \`yes\` or \`no\`. Without this option they ${mountFlags.includes('noexec') ? 'cannot' : 'can'}.`,
    ],
    mutable: [
      `How writable the merged hierarchies are: one of the modes described under “Mutability”. A word for yes or no is taken for the mode \`yes\` or \`no\`, and \`help\` lists the modes. This option counts before \`${mutableVariable}\` in the environment, and that before \`Mutable=\` in ${configFile}(5).`,
    ],
    'image-policy': [
      `Which partitions disk images may have and how they must be protected, see “Image policies” and systemd.image-policy(7). This option counts before \`ImagePolicy=\` in ${configFile}(5), and for all images; the stricter defaults for images in an initrd are then off as well. \`${name} policy\` explains a policy.`,
    ],
    image: [
      'With the command `policy`: say what the policy does to this image, instead of explaining it. *FILE* is an image file, or the name of an installed image.',
    ],
    host: [
      'With the command `explain`: explain for the system that this os-release file is from, instead of this one. It may be given several times; then a table tells which extension fits which system. What no such file says is taken from this machine: its architecture, and the scope `system`.',
    ],
    arch: [
      'With the command `explain`: explain for a machine of this architecture, such as `x86-64` or `arm64`, instead of this one. With `init` and `pack`: the field `ARCHITECTURE=` of the release file.',
    ],
    scope: [
      'With the command `explain`: explain for a `system` or an `initrd`. The default is what the root is. With `init` and `pack`: where the extension may be used, one or more of `system`, `initrd` and `portable`, separated by commas. With `help` all are listed.',
    ],
    planned: [
      'With the commands `which`, `files`, `conflicts` and `graph`: tell of what the next `merge` or `refresh` would make. Without it they tell of what is merged now, and if nothing is merged, of what a merge would make.',
    ],
    all: [
      'With the commands `refresh` and `plan`: take all that is installed, whatever was chosen for what is merged now.',
      'With the command `which`: of a directory, also tell of each name in it.',
    ],
    'fail-on': [
      `With the command \`conflicts\`: which kinds of conflicts make the exit status \`1\`, separated by commas: ${enumerate(literals(CONFLICT_KINDS), 'or')}; or \`all\`, or \`none\`. The default is all but \`equal\`.`,
    ],
    allow: [
      'With the command `conflicts`: a file with patterns of paths that may be as they are, one a line, such as `/usr/share/**`; `*` stands for anything but a slash, `**` for any number of directories, and `#` begins a comment. A pattern that fits nothing is told.',
    ],
    file: [
      'With the command `expect`: read assertions from this file, too, one a line; empty lines and lines that begin with `#` are left out. `-` is standard input.',
    ],
    format: [
      'With the command `explain`: print `text`, which is the default, or with `github` annotations for what would not be merged, which GitHub Actions shows.',
      'With the command `plan`: print `text`, which is the default, or with `sh` a shell script that does the same.',
      'With the command `graph`: draw for a terminal (`text`, the default), as a flowchart for Mermaid (`mermaid`), or as an image (`svg`).',
      'With the command `check`: print the findings as `text`, which is the default; as `sarif`, the Static Analysis Results Interchange Format 2.1.0 that code hosts and editors read; or as `github`, annotations that GitHub Actions shows beside the files.',
      'With the command `expect`: print the results as `text`, which is the default; as `tap`, the Test Anything Protocol 14; as `junit`, the XML that GitLab and others read; or as `github`, annotations for what does not hold. With `help` the formats are listed.',
    ],
    against: [
      'With the command `check`: look at a system to come instead, which is an os-release file or a root directory; for an updater to ask before it updates the operating system. An extension that this system merges and the other one would not *drops out*; so does everything beside an image that cannot be used. The exit status is `1` if something drops out, `0` if not, and `2` if that cannot be told. It may be given several times.',
    ],
    now: [
      'With the commands that change what is installed: refresh afterwards, as the command `refresh` does, in the same call and with the same lock.',
    ],
    runtime: [
      'With the commands `disable`, `mask`, `enable` and `unmask`: until the next boot only. `enable` and `unmask` without it take back both kinds.',
    ],
    sha256: [
      'With the command `install`: the SHA-256 checksum that the file must have, 64 hexadecimal digits.',
    ],
    'max-size': [
      'With the commands `install` and `update`: download no more than so many bytes, and let no file be larger when it is unpacked; `K`, `M`, `G` and `T` stand for powers of 1024. The default is `4G`.',
    ],
    'version-as': [
      'With the command `install`: the version to install it as, whatever its name and its release file say.',
    ],
    check: ['With the command `update`: only say whether there is something newer, as a table.'],
    'dry-run': [
      'With the command `update`: say which files would be downloaded and removed, and do nothing.',
    ],
    verify: [
      'With the command `update`: whether the lists of files of servers must be signed, `yes` or `no`, whatever `Verify=` in the transfer files says.',
    ],
    diff: [
      'With the command `plan`: compare with what is merged now too. In JSON `diff` is `null` without this option.',
    ],
    fix: [
      'With the command `doctor`: take away what calls that were killed have left, say what was done, and check again.',
    ],
    lock: [
      `With the command \`verify\`: the lock file. The default is \`${name}.lock\` in the working directory.`,
    ],
    with: [
      'With `run`: an image file, a directory, a block device, or the name of an installed extension that the command shall see. It may be given several times; the extensions lie upon each other in the order of their names, as in any merge.',
    ],
    'with-confext': ['With `run`: the same for a configuration extension, which is seen in `/etc`.'],
    writable: [
      'With `run`: the command may write to the hierarchies that are merged, all those of the class. What it writes is kept in memory, and gone when it has ended. With neither `--with=` nor `--with-confext=` it sees no extensions, and changes files of the system for itself alone.',
    ],
    keep: [
      'With `run --writable`: save what the command has changed in this directory, which must be empty or not exist yet. It gets a release file for the system that the command ran on, so it is an extension itself. What the command has removed is in it as the marks of overlayfs that remove something; of a directory that it has removed and made anew only if it ran as root. An overlay, as the root directory of a container is, takes no such marks: all else is saved there, and what is not is said.',
    ],
    output: [
      `With \`pack\`: the image to make. A file must be called *NAME*\`.raw\`, or *NAME*\`_\`*VERSION*\`.raw\`, where *NAME* is the name of the extension; a file that is there is replaced when the new one is complete.`,
      `With \`lock\`: the file to write, \`-\` for standard output. The default is \`${name}.lock\` in the working directory.`,
    ],
    deb: [
      'With `pack`: a Debian package is a source, a file, or a name as apt-get(8) takes it, also with a version, *NAME*`=`*VERSION*, or a release, *NAME*`/`*RELEASE*. That is downloaded together with the packages that it depends on, as far as the system below `--for-host=` or `--root=` does not have them. Nothing is configured and no script of a package is run.',
    ],
    tar: [
      'With `pack`: a tar archive is a source, not compressed or by gzip(1), xz(1) or zstd(1), of which `usr` and `opt` are taken; or an archive with an image in the OCI Image Layout, whose layers are laid upon each other. An archive with an entry that leads out of it, or is a device, is refused.',
    ],
    'for-host': [
      'With `init` and `pack`: the extension is for the system below this directory, so the release file gets the `ID=` of its os-release(5), and its level or else its `VERSION_ID=`. `pack` checks the image against that system.',
    ],
    id: ['With `init` and `pack`: the field `ID=` of the release file, `_any` for every system.'],
    'version-id': ['With `init` and `pack`: the field `VERSION_ID=` of the release file.'],
    level: [
      `With \`init\` and \`pack\`: the field \`${levelField}=\` of the release file, which counts in place of the version for systems that have a level.`,
    ],
    field: [
      'With `init` and `pack`: any other field of the release file, such as `SYSEXT_VERSION_ID=1.0`. With an empty value one of the sources is left out.',
    ],
    service: [
      'With `pack`: a unit of the extension that shall start when it is merged, also into a system that runs. For that a drop-in of `multi-user.target` gets `Upholds=` (systemd.unit(5)), and the release file `EXTENSION_RELOAD_MANAGER=1` and `EXTENSION_RESTART_UNITS=`.',
    ],
    verity: [
      'With `pack`: make a disk image with a GUID partition table, the file system, and the hash tree that protects it (dm-verity), which takes veritysetup(8).',
    ],
    'private-key': [
      'With `pack`: sign the root hash of the hash tree with this key, a PEM file without a passphrase; implies `--verity`. It takes openssl(1).',
    ],
    certificate: [
      'With `pack`: the certificate of the key, a PEM file. Machines that shall trust the signature have it in their `verity.d`.',
    ],
    'always-refresh': [
      'With `yes`, `refresh` merges anew even where nothing has changed. The default is `no`. It is needed after files inside of a directory extension were edited, because such changes are not looked for.',
    ],
    'lock-timeout': [
      'How many seconds to wait for another call that is at work on the same root; fractions are allowed. When they are over, the call fails and nothing was changed. The default is to wait without limit; `0` does not wait at all.',
    ],
    'no-reload': [
      'Do not tell the service manager of what has changed, and neither restart nor reload any of its units.',
    ],
    json: [
      'Print the result of `status`, `list`, `versions`, `update`, `explain`, `plan`, `which`, `files`, `conflicts`, `graph`, `check`, `expect`, `inspect`, `policy`, `verify` and `doctor` as JSON: `pretty` with line breaks and indentation, `short` on one line, `off` as a table or text, which is the default. With `help` the formats are listed.',
    ],
    verbose: [
      'Print more columns in the tables of `status` and `list`: the version that was chosen from a versioned directory, the format of the image, which of its partitions is used, what protects it, its root hash and loop devices. Protection and loop devices are those of images that are merged. JSON has them always.',
    ],
    'no-legend': ['Print tables without their header.'],
    'no-pager': [
      `Does nothing: \`${name}\` never starts a pager. The option is there for scripts that use it.`,
    ],
    'log-level': [
      `Print messages of this level and of those that are more urgent: ${enumerate(literals(LEVELS), 'or')}, or a number from \`0\` to \`7\` in the same order. The default is \`info\`, or what \`SYSTEMD_LOG_LEVEL\` says. With \`debug\` it is told which files were passed over and why.`,
    ],
    'log-format': [
      'Print messages as `text`, the default, or as `json`: an object a line, with the level, the time, the message and data that go with it. With `help` the formats are listed.',
    ],
    help: ['Print a short help and do nothing else.'],
    version: ['Print the version and do nothing else.'],
  } as const satisfies Readonly<Record<keyof typeof OPTIONS, readonly Text[]>>;
}
