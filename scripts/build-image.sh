#!/usr/bin/env bash
# Makes dist/sysext.raw: the executable that needs no Node, its manual pages and completions, as a system extension image.
# On a host whose /usr cannot be written to that is the way to have it: in /var/lib/extensions.
#
#   npm run build:image
#
# It fits every system of this architecture that has the GNU C library (musl, if Node here is made for it). The same
# sources make the same tree; SOURCE_DATE_EPOCH sets the times in it.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

readonly IMAGE=dist/sysext.raw

# As os-release(5) names it.
architecture() {
  case $(uname -m) in
  x86_64) echo x86-64 ;;
  aarch64) echo arm64 ;;
  *) fail "there is no executable for $(uname -m)" ;;
  esac
}

architecture=$(architecture)
ensure_program
ensure_standalone
node scripts/build-manual.mjs
install_packages mksquashfs=squashfs-tools || true
have mksquashfs || fail "mksquashfs is missing: install squashfs-tools"

work=$(mktemp -d dist/.image.XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
umask 022
share=$work/usr/share
mkdir -p "$work"/usr/{bin,lib/extension-release.d} "$share"/man/man{5,8} \
  "$share"/{bash-completion/completions,fish/vendor_completions.d,zsh/site-functions}
cp "$STANDALONE" "$work/usr/bin/sysext"
ln -s sysext "$work/usr/bin/confext"
for section in 5 8; do cp dist/man/*."$section" "$share/man/man$section/"; done
for class in sysext confext; do
  "$work/usr/bin/$class" completion bash >"$share/bash-completion/completions/$class"
  "$work/usr/bin/$class" completion fish >"$share/fish/vendor_completions.d/$class.fish"
  "$work/usr/bin/$class" completion zsh >"$share/zsh/site-functions/_$class"
done
printf 'ID=_any\nARCHITECTURE=%s\n' "$architecture" >"$work/usr/lib/extension-release.d/extension-release.sysext"

# zstd is read many times faster than the default, and every kernel with overlays on it has it.
mksquashfs "$work" "$IMAGE.new" -noappend -quiet -no-progress -all-root -comp zstd -Xcompression-level 9 >/dev/null
mv "$IMAGE.new" "$IMAGE"
echo "$IMAGE"
