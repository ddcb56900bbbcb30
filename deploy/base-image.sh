#!/usr/bin/env bash
# Makes a small Debian 12 image from Debian's archive, for BASE_IMAGE where no registry can be reached. Needs mmdebstrap, and
# podman, docker or buildah. Usage: deploy/base-image.sh [NAME]; MIRROR=http://… takes another mirror.
set -euo pipefail
name=${1:-localhost/council-base:bookworm}
mirror=${MIRROR:-http://deb.debian.org}
source "$(dirname "$0")/container-tool.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# As bookworm-slim: apt and what Debian calls essential, without documentation.
mmdebstrap --quiet --variant=minbase \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  bookworm "$work/root.tar" \
  "deb $mirror/debian bookworm main" "deb $mirror/debian bookworm-updates main" \
  "deb $mirror/debian-security bookworm-security main"
case "$tool" in
  buildah)
    container=$(buildah from scratch)
    trap 'buildah rm "$container" > /dev/null; rm -rf "$work"' EXIT
    buildah add --quiet "$container" "$work/root.tar" / > /dev/null
    buildah commit --quiet "$container" "$name" > /dev/null
    ;;
  *) "$tool" import "$work/root.tar" "$name" > /dev/null ;;
esac
echo "made $name"
