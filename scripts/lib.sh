# shellcheck shell=bash
# What the scripts of this directory share. Read with `source`; the caller is in the root of the checkout.

# The oldest Node that package.json allows.
readonly NODE_MAJOR=20

# As old as the last build.
readonly BUILT=dist/cli/main.js

# The executable that needs no Node.
readonly STANDALONE=dist/sysext

# Debian packages of the tests, as COMMAND=PACKAGE. test/support/debian.ts installs what a test file needs;
# scripts/test.sh installs all of them at once, which is faster, and safer with tests side by side.
# shellcheck disable=SC2034 # for scripts/test.sh
readonly TEST_PACKAGES=(
  mksquashfs=squashfs-tools
  mkfs.erofs=erofs-utils
  mke2fs=e2fsprogs
  mkfs.btrfs=btrfs-progs
  mkfs.xfs=xfsprogs
  mkfs.vfat=dosfstools
  mcopy=mtools
  fdisk=fdisk
  xz=xz-utils
  zstd=zstd
  bzip2=bzip2
  gpg=gnupg
  gpgv=gpgv
  openssl=openssl
  getfattr=attr
  veritysetup=cryptsetup-bin
  openssl=openssl
  strace=strace
  squashfuse=squashfuse
  xz=xz-utils
  zstd=zstd
  debootstrap=debootstrap
  podman=podman
  runc=runc
)

# Other users than root often lack the directories of the tools that make file systems.
PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"

have() {
  command -v "$1" >/dev/null 2>&1
}

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

ensure_node() {
  { have node && have npm; } || fail "node and npm are missing: install Node.js $NODE_MAJOR or later"
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  ((major >= NODE_MAJOR)) || fail "Node.js $major is too old: install $NODE_MAJOR or later"
}

# Installs what package-lock.json names, if it is not there or is older than that file. Where a registry does not have
# the optional packages for other platforms, `npm ci` can find that the lock file lacks them, and refuses; then
# `npm install` takes the same versions of what there is.
ensure_node_modules() {
  local installed=node_modules/.package-lock.json
  [[ ! -L node_modules ]] || return 0 # of another checkout, and not ours to replace
  [[ ! -e $installed || package-lock.json -nt $installed ]] || return 0
  npm ci || npm install --no-save || fail "the packages of package-lock.json cannot be installed"
}

# Compiles src/ to dist/.
build() {
  npm run build
  touch "$BUILT" # in case the compiler leaves a file alone whose text stays the same
}

# The same, only if a source is newer.
ensure_build() {
  if [[ ! -e $BUILT || -n $(find src tsconfig.json package.json -newer "$BUILT" -print -quit) ]]; then
    build
  fi
}

# Prints the path of Bun. Its npm package has it in a package of its own for each platform, and a script to be run at
# installation moves it from there; npm can be set up not to run those.
find_bun() {
  local bun
  for bun in node_modules/bun/bin/bun.exe node_modules/@oven/bun-*/bin/bun; do
    if "$bun" --version >/dev/null 2>&1; then
      echo "$bun"
      return
    fi
  done
  return 1
}

# Makes the self-contained executable, only if a source is newer.
ensure_standalone() {
  if [[ ! -e $STANDALONE || -n $(find src scripts/build-standalone.sh package.json package-lock.json -newer "$STANDALONE" -print -quit) ]]; then
    npm run build:standalone
  fi
}

ensure_program() {
  ensure_node
  ensure_node_modules
  ensure_build
}

have_apt() {
  have apt-get && have dpkg-deb
}

apt_quietly() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 \
    -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 -o Acquire::Retries=1 "$@" </dev/null
}

# Fetches apt's package lists, once a run.
apt_updated=
apt_update() {
  [[ -z $apt_updated ]] || return 1
  apt_updated=yes
  apt_quietly update >/dev/null 2>&1
}

apt_has_lists() {
  [[ -n $(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null) ]]
}

# Prints the packages of the given COMMAND=PACKAGE pairs whose command is not installed.
missing_packages() {
  local pair
  for pair; do
    have "${pair%%=*}" || echo "${pair#*=}"
  done
}

# install_packages COMMAND=PACKAGE... : installs what is missing, as root and where there is apt.
# What is missing afterwards is in missing_packages; a failure has no message of its own.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  { ((EUID == 0)) && have_apt; } || return 1
  apt_has_lists || apt_update || true
  apt_quietly install --no-install-recommends "${missing[@]}" >/dev/null 2>&1 && return 0
  # The lists may be older than what the mirror has.
  apt_update && apt_quietly install --no-install-recommends "${missing[@]}" >/dev/null 2>&1
}

# mirror_with SUITE FILE: prints the first of apt's own mirrors that has the suite, and leaves its InRelease in the file.
# apt's helper goes through the proxy that apt is set up with.
# shellcheck disable=SC2016 # $(SITE) is for apt-get
mirror_with() {
  local site
  while read -r site; do
    if /usr/lib/apt/apt-helper download-file "$site/dists/$1/InRelease" "$2" >/dev/null 2>&1; then
      echo "$site"
      return 0
    fi
  done < <(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | sort -u | grep -E '^(https?|ftp|file):')
  return 1
}
