#!/usr/bin/env bash
# Installs, upgrades and removes the Debian package on a fresh Debian 13 that is booted with systemd, during calls of an agent.
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
Usage: scripts/package/prove-deb.sh

Builds the package twice (this version and a newer one), checks it with lintian, boots a fresh Debian 13 (debootstrap, systemd-nspawn) without a
network, and there: install, start, call a tool, upgrade during calls (none may fail), remove (data remains), purge (nothing remains); then the same with scripts/install.sh and scripts/uninstall.sh, each twice.
Needs root, debootstrap, systemd-nspawn (systemd-container), lintian and dpkg-deb. IMAGE_CACHE (/var/cache/mcpgw-image) caches Debian.
TEXT
  exit 0
fi

[ "$(id -u)" = 0 ] || fail "run this as root: it boots a machine"
for tool in debootstrap systemd-nspawn lintian dpkg-deb nsenter; do
  has "$tool" || fail "$tool is missing (apt-get install debootstrap systemd-container lintian dpkg util-linux)"
done

work="$(mktemp -d /var/tmp/mcpgw-deb-XXXXXX)"
machine="$work/root"
nspawn=''
cleanup() {
  if [ -n "$nspawn" ]; then
    kill -TERM "$nspawn" 2>/dev/null || true
    wait "$nspawn" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

say "Building the package …"
old="$("$ROOT/scripts/package/build-deb.sh" --out "$work/debs")"
# Another version, which its programs report; not compressed, which is faster.
new="$work/debs/mcpgw_0.99.0.deb"
dpkg-deb --raw-extract "$old" "$work/next"
sed -i 's/^Version: .*/Version: 0.99.0/' "$work/next/DEBIAN/control"
sed -i -E 's/version: ?"[0-9]+\.[0-9]+\.[0-9]+"/version:"0.99.0"/' "$work"/next/usr/lib/mcpgw/dist/*.js
dpkg-deb --root-owner-group -Znone --build "$work/next" "$new" >/dev/null
rm -rf "$work/next"
lintian --allow-root --fail-on error,warning "$old" || fail "lintian reports the above"
say "lintian finds no error and no warning in $(basename "$old") ($(($(stat -c %s "$old") / 1000000)) MB)."

say "A fresh Debian 13 with systemd …"
create_debian "$CACHE/trixie" || fail "debootstrap failed; its output is above"
if [ ! -e "$CACHE/trixie-systemd/usr/lib/systemd/systemd" ]; then
  rm -rf "$CACHE/trixie-systemd"
  cp -a "$CACHE/trixie" "$CACHE/trixie-systemd"
  rm -f "$CACHE/trixie-systemd/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$CACHE/trixie-systemd/etc/resolv.conf"
  # The machine has no network, so what the package and scripts/install.sh (acl) depend on is fetched now, and installed by apt-get there.
  # shellcheck disable=SC2046
  { chroot "$CACHE/trixie-systemd" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive chroot "$CACHE/trixie-systemd" apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus procps &&
    chroot "$CACHE/trixie-systemd" apt-get install -y -qq --no-install-recommends --download-only acl \
      $(dpkg-deb -f "$old" Depends | sed 's/([^)]*)//g; s/,/ /g'); } >"$work/apt.log" 2>&1 ||
    { tail -n 10 "$work/apt.log" >&2 && rm -rf "$CACHE/trixie-systemd" && fail "Debian's packages could not be fetched"; }
fi
cp -a "$CACHE/trixie-systemd" "$machine"
cp "$old" "$new" "$machine/root/"

say "Booting it (systemd-nspawn) …"
# Debian 13's systemd supports cgroup v2 only, even if this machine uses both versions.
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --quiet --directory "$machine" --private-network --register=no --keep-unit \
  --bind-ro="$ROOT:/checkout" --boot \
  </dev/null >"$work/boot.log" 2>&1 &
nspawn=$!
if ! "$ROOT/node_modules/.bin/node" "$ROOT/scripts/package/proof/package-path.ts" "$nspawn" "$(basename "$old")" "$(basename "$new")"; then
  tail -n 5 "$work/boot.log" >&2
  fail "the package failed on a fresh Debian; what failed is above"
fi
echo "package proven"
