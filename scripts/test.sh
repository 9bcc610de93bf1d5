#!/usr/bin/env bash
# Everything that is checked before a change is good: build, style, types, shell scripts, all tests but those in the
# virtual machine (npm run test:vm), and most of the end-to-end tests once more with Node (npm run test:node).
#
#   scripts/test.sh [JEST ARGUMENT...]
#
# Works on a fresh clone. As root it installs the Debian packages that tests need; tests whose tools or privileges
# are not to be had are skipped, each with a line that says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

step() {
  echo "==> $*"
}

step "Node.js packages and build"
ensure_node
ensure_node_modules
build

step "Self-contained executable"
left_out=(guides vm)
if find_bun >/dev/null; then
  npm run build:standalone
  left_out+=(e2e-more)
else
  echo "Its tests will be skipped: the npm package bun has no program for this machine."
  left_out+=(e2e-standalone)
fi

step "Style and types"
npm run lint
npm run typecheck
if have shellcheck; then
  shellcheck --external-sources scripts/*.sh .ci/run
  shellcheck --external-sources --source-path=SCRIPTDIR test/vm/guest/*.sh test/vm/guest/run
else
  echo "The shell scripts are not checked: shellcheck is not installed."
fi

step "Debian packages for the tests"
install_packages "${TEST_PACKAGES[@]}" || true
mapfile -t missing < <(missing_packages "${TEST_PACKAGES[@]}")
if ((${#missing[@]} > 0)); then
  echo "Tests that need these packages will be skipped: ${missing[*]} (apt-get install ${missing[*]})"
else
  echo "All are installed."
fi

step "A current systemd-sysext to compare with"
scripts/oracle.sh || echo "Tests that compare with it will be skipped."

step "A small root with busybox"
scripts/containers.sh busybox || echo "Tests in it will be skipped."

step "Tests"
exec bash scripts/jest.sh --ignoreProjects "${left_out[@]}" --ci "$@"
