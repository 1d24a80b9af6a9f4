#!/usr/bin/env bash
# Creates a Debian package of what is built here.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/node-modules.sh
. "$ROOT/scripts/lib/node-modules.sh"
# shellcheck source=scripts/lib/build.sh
. "$ROOT/scripts/lib/build.sh"

version="$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$ROOT/package.json")"
out="$ROOT/dist/package"
usage() {
  cat <<'TEXT'
Usage: scripts/package/build-deb.sh [--out FOLDER] [--version VERSION]

Builds mcpgw_VERSION_ARCH.deb (dpkg-deb) into dist/package and prints its path. Missing parts are built before.
TEXT
}
while [ "$#" -gt 0 ]; do
  case "$1" in
    --out) out="${2:?--out needs a folder}" && shift ;;
    --version) version="${2:?--version needs a version}" && shift ;;
    --help | -h) usage && exit 0 ;;
    *) fail "there is no option $1; try scripts/package/build-deb.sh --help" ;;
  esac
  shift
done
[[ "$version" =~ ^[0-9][A-Za-z0-9.+~]*$ ]] || fail "\"$version\" is not a version of Debian: digits first, then letters, digits and . + ~"
command -v dpkg-deb >/dev/null || fail "dpkg-deb is missing (apt-get install dpkg)"
ensure_node_modules to-run
ensure_built
architecture="$(dpkg --print-architecture)"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
umask 022
tree="$work/tree"
debian="$ROOT/packaging/debian"

"$ROOT/scripts/package/assemble.sh" "$tree/usr/lib/mcpgw"
# The licence is in the copyright file, and the image's health check is not needed here.
rm -rf "$tree/usr/lib/mcpgw/docker"
find "$tree" -name LICENSE -delete
if command -v strip >/dev/null; then find "$tree" -name '*.node' -exec strip --strip-unneeded {} +; fi
find "$tree" -name '*.node' -exec chmod 644 {} +
# Sourced or read, not run.
chmod 644 "$tree"/usr/lib/mcpgw/scripts/lib/* "$tree/usr/lib/mcpgw/scripts/services/begin.sh" "$tree/usr/lib/mcpgw/scripts/services/layout"
find "$tree/usr/lib/mcpgw/dist" -type f -exec chmod 644 {} +
chmod 755 "$tree"/usr/lib/mcpgw/scripts/start/supervise/*.sh "$tree"/usr/lib/mcpgw/bridge/programs/*.sh

install -D -m 755 "$ROOT/packaging/mcpgw-data" "$tree/usr/sbin/mcpgw-data"
install -D -m 644 "$ROOT/packaging/systemd/mcpgw.service" "$tree/usr/lib/systemd/system/mcpgw.service"
install -D -m 644 "$ROOT/packaging/mcpgw.env" "$tree/etc/mcpgw/mcpgw.env"
install -D -m 644 "$ROOT/packaging/debian/lintian-overrides" "$tree/usr/share/lintian/overrides/mcpgw"
mkdir -p "$tree/usr/bin" "$tree"/usr/share/man/man{1,8}
ln -s ../lib/mcpgw/bin/mcpgw "$tree/usr/bin/mcpgw"
gzip -9n <"$debian/mcpgw.1" >"$tree/usr/share/man/man1/mcpgw.1.gz"
gzip -9n <"$debian/mcpgw-data.8" >"$tree/usr/share/man/man8/mcpgw-data.8.gz"

doc="$tree/usr/share/doc/mcpgw"
mkdir -p "$doc"
license="$(sed -e '1,/^Copyright/d' -e 's/^$/./' -e 's/^/ /' "$ROOT/LICENSE" | sed '1{/^ \.$/d}')"
awk -v license="$license" '/@LICENSE@/ { print license; next } { print }' "$debian/copyright" >"$doc/copyright"
install -m 644 "$ROOT/docs/operations.md" "$doc/operations.md"
printf 'mcpgw (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md of the source.\n\n -- mcpgw maintainers <maintainers@mcpgw.invalid>  %s\n' \
  "$version" "$(date -R -d "@$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null || date +%s)")" | gzip -9n >"$doc/changelog.gz"

control="$tree/DEBIAN"
mkdir -p "$control"
size="$(du -sk --exclude=DEBIAN "$tree" | cut -f1)"
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$architecture/" -e "s/@SIZE@/$size/" "$debian/control" >"$control/control"
for name in postinst prerm postrm; do install -m 755 "$debian/$name" "$control/$name"; done
for name in conffiles triggers; do install -m 644 "$debian/$name" "$control/$name"; done
(cd "$tree" && find usr etc -type f -print0 | sort -z | xargs -0 md5sum) >"$control/md5sums"
find "$tree" -type d -exec chmod 755 {} +

mkdir -p "$out"
package="$out/mcpgw_${version}_$architecture.deb"
# Fast compression: xz at its best level takes a minute for 8 MB less.
dpkg-deb --root-owner-group -Zxz -z1 --build "$tree" "$package" >/dev/null
echo "$package"
