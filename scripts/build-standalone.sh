#!/usr/bin/env bash
# Makes dist/sysext: the whole program as one executable that needs no Node, and dist/confext, a link to it.
#
#   scripts/build-standalone.sh
#
# The compiler is Bun's, from the npm package bun. What is made contains Bun itself.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

ensure_node
ensure_node_modules
bun=$(find_bun) || fail "the npm package bun has no program for this machine: $(uname -m)"
version=$(node --print "require('./package.json').version")
mkdir -p dist
# By default what it makes reads .env and bunfig.toml where it is called: a program that root runs must not.
# What is stored beside the sources is their bytecode, so that little has to be compiled at each start.
"$bun" build src/standalone.ts --compile --splitting --min-chunk-size=8192 --format=esm --bytecode --minify-syntax --minify-whitespace \
  --no-compile-autoload-dotenv --no-compile-autoload-bunfig --compile-jit-policy=10 \
  --define "SYSEXT_VERSION=\"$version\"" --outfile "$STANDALONE.new" >/dev/null
# A file that runs cannot be written to.
mv "$STANDALONE.new" "$STANDALONE"
ln -sf sysext dist/confext
