#!/usr/bin/env bash
# Builds docker/Dockerfile without a Docker engine, starts the result like the run line of the README, and tests the main path in it.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/system-packages.sh
. "$ROOT/scripts/lib/system-packages.sh"
# shellcheck source=scripts/image/bases.sh
. "$ROOT/scripts/image/bases.sh"

readonly CACHE="${IMAGE_CACHE:-/var/cache/mcpgw-image}" MOST_MB=250

if [ "${1:-}" = --help ]; then
  cat <<'TEXT'
Usage: scripts/image/prove.sh [--keep]

Builds docker/Dockerfile with buildah, on Debian 13 made by debootstrap, checks the image's size, user and content, runs it by runc with a
read-only root file system, and there: log in, register a server, call a tool through the gateway, SIGTERM, start again on the same volumes.
Needs root, buildah, debootstrap, runc, iproute2 and npm. IMAGE_CACHE (/var/cache/mcpgw-image) caches Debian between runs; --keep keeps the image.
TEXT
  exit 0
fi

[ "$(id -u)" = 0 ] || fail "run this as root: it mounts and creates namespaces"
for tool in buildah debootstrap runc ip npm; do has "$tool" || fail "$tool is missing (apt-get install buildah debootstrap runc iproute2)"; done

work="$(mktemp -d /var/tmp/mcpgw-image-XXXXXX)"
storage=(--root "$work/storage" --runroot "$work/runroot" --storage-driver vfs)
cleanup() {
  runc --root "$work/runc" delete --force gateway 2>/dev/null || true
  [ "${kept:-no}" = yes ] || { buildah "${storage[@]}" umount --all >/dev/null 2>&1 || true; }
  [ "${kept:-no}" = yes ] || rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# $1: folder, $2: name of the image
import_base() {
  local container
  container="$(buildah "${storage[@]}" from scratch)"
  buildah "${storage[@]}" copy -q "$container" "$1" / >/dev/null
  buildah "${storage[@]}" commit -q --rm "$container" "$2" >/dev/null
}

say "Debian 13 (debootstrap) in $CACHE …"
create_debian "$CACHE/trixie" || fail "debootstrap failed; its output is above"
create_node "$CACHE/trixie" "$work/node"
import_base "$CACHE/trixie" localhost/base
import_base "$work/node" localhost/build-base
rm -rf "$work/node"

say "Building docker/Dockerfile (buildah) …"
buildah "${storage[@]}" bud --isolation chroot --format docker --layers=false \
  --build-arg BASE=localhost/base --build-arg BUILD_BASE=localhost/build-base \
  --target gateway -t localhost/mcpgw -f "$ROOT/docker/Dockerfile" "$ROOT" >"$work/build.log" 2>&1 ||
  { tail -n 30 "$work/build.log" >&2 && fail "the image does not build"; }

container="$(buildah "${storage[@]}" from localhost/mcpgw)"
rootfs="$(buildah "${storage[@]}" mount "$container")"
buildah "${storage[@]}" inspect --type image localhost/mcpgw >"$work/image.json"
size="$(($(du -sxb "$rootfs" | cut -f1) / 1000000))"
say "The image: $size MB (at most $MOST_MB), base included."
[ "$size" -le "$MOST_MB" ] || fail "the image is larger than $MOST_MB MB"
for tool in gcc cc make npm git python3 strip curl; do
  [ -z "$(find "$rootfs"/usr/bin "$rootfs"/usr/local/bin -name "$tool" -print -quit)" ] || fail "$tool is in the image"
done
sources="$(find "$rootfs/app" -name '*.ts' -o -name test -o -name .git | head -n 3)"
[ -z "$sources" ] || fail "more than built output is in the image: $sources"

say "Running it (runc, read-only root file system) …"
unshare --net sh -c 'ip link set lo up && exec "$@"' sh "$ROOT/node_modules/.bin/node" "$ROOT/scripts/image/main-path.ts" "$work" "$rootfs"
say "Not tested here: docker run, docker compose up and the pull of debian:trixie-slim and node:24-trixie-slim, which need a Docker engine."
if [ "${1:-}" = --keep ]; then
  kept=yes
  say "The image is kept: buildah ${storage[*]} images"
fi
echo "image proven: $size MB"
