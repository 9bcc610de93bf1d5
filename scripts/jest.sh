#!/usr/bin/env bash
# Runs jest with Node's support for ES modules in its sandbox switched on.
set -euo pipefail
cd "$(dirname "$0")/.."
export NODE_OPTIONS="--experimental-vm-modules --no-warnings ${NODE_OPTIONS:-}"
exec node_modules/.bin/jest "$@"
