#!/usr/bin/env bash
# Starts a fresh clone with --demo on a Debian 13 that has none of its requirements, and calls a tool with what the start printed.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/system-packages.sh
. "$ROOT/scripts/lib/system-packages.sh"
# shellcheck source=scripts/image/bases.sh
. "$ROOT/scripts/image/bases.sh"

readonly CACHE="${IMAGE_CACHE:-/var/cache/mcpgw-image}"

if [ "${1:-}" = --help ]; then
  cat <<'TEXT'
Usage: scripts/clone/prove.sh

Clones what is committed here into a fresh Debian 13 (debootstrap, minbase: no Node, NGINX, s6), runs scripts/start.sh --demo there by chroot
as root, and uses what it printed: sign in, and call a tool through the gateway with the snippet. Then SIGTERM, and a second start.
Needs root, debootstrap, git, unshare and npm. IMAGE_CACHE (/var/cache/mcpgw-image) caches Debian.
TEXT
  exit 0
fi

[ "$(id -u)" = 0 ] || fail "run this as root: it mounts and changes the root folder"
for tool in debootstrap git unshare npm; do has "$tool" || fail "$tool is missing (apt-get install debootstrap git util-linux npm)"; done

work="$(mktemp -d /var/tmp/mcpgw-clone-XXXXXX)"
machine="$work/root"
cleanup() {
  local root
  # Ends what a failed run left running there, and nothing else.
  for root in /proc/[0-9]*/root; do
    if [ "$(readlink "$root" 2>/dev/null)" = "$machine" ]; then kill -KILL "$(basename "$(dirname "$root")")" 2>/dev/null || true; fi
  done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say "A fresh Debian 13 (debootstrap) …"
create_debian "$CACHE/trixie" || fail "debootstrap failed; its output is above"
cp -a "$CACHE/trixie" "$machine"
# Only for container images: on a machine, packages start their services.
rm -f "$machine/usr/sbin/policy-rc.d"
for program in node npm nginx s6-svscan setfacl; do
  [ -z "$(find "$machine"/usr/bin "$machine"/usr/sbin -name "$program" -print -quit)" ] || fail "$program exists before it is installed"
done
configure_npm "$machine"
cp /etc/resolv.conf "$machine/etc/resolv.conf"
# debootstrap creates no /etc/hosts, which every installed Debian has.
echo '127.0.0.1 localhost' >"$machine/etc/hosts"
git -c safe.directory='*' clone -q --depth 1 "file://$ROOT" "$machine/opt/mcpgw"
[ -z "$(git -C "$ROOT" status --porcelain)" ] || say "Not committed, so not in the clone: $(git -C "$ROOT" status --porcelain | wc -l) files."

say "Starting the clone of $(git -C "$ROOT" rev-parse --short HEAD) there …"
"$ROOT/node_modules/.bin/node" "$ROOT/scripts/clone/first-start.ts" "$machine"
echo "clone proven"
