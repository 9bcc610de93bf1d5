#!/bin/bash
# Follows a guide in a container: /fixtures/guide.sh, at the shell of root, with the program in PATH.
set -eu
cp /sysext/dist/sysext /usr/local/bin/sysext
ln -sf sysext /usr/local/bin/confext
export HOME=/root LC_ALL=C.UTF-8 TZ=UTC DEBIAN_FRONTEND=noninteractive
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd "$HOME"
exec bash /fixtures/guide.sh </dev/null
