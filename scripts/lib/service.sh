# shellcheck shell=bash
# The paths of the service, for install.sh and uninstall.sh.
# shellcheck disable=SC2034 # they use them

readonly PROGRAMS=/usr/lib/mcpgw SETTINGS=/etc/mcpgw UNIT=/usr/local/lib/systemd/system/mcpgw.service DATA_COMMAND=/usr/local/sbin/mcpgw-data
readonly COMMAND=/usr/local/bin/mcpgw
readonly MAC=/usr/local PLIST=/Library/LaunchDaemons/io.mcpgw.gateway.plist
DRY_RUN=no

# Runs a command, or with --dry-run prints it.
do_or_say() {
  if [ "$DRY_RUN" = yes ]; then printf 'would run: %s\n' "$*"; else "$@"; fi
}

require_root() {
  [ "$DRY_RUN" = yes ] || [ "$(id -u)" = 0 ] || fail "run this as root (sudo), or with --dry-run to see what it would do"
}

has_systemd() { [ -d /run/systemd/system ]; }

# Two owners of the same files would undo each other's work.
refuse_packaged() {
  if command -v dpkg-query >/dev/null 2>&1 && dpkg-query -W -f '${Status}' mcpgw 2>/dev/null | grep -q ' installed$'; then
    fail "mcpgw is installed as a Debian package here; upgrade and remove it with apt-get"
  fi
}
