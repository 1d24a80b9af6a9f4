#!/usr/bin/env bash
# Removes what scripts/install.sh installed; data, settings and logs remain unless --purge is set.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/service.sh
. "$ROOT/scripts/lib/service.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/uninstall.sh [--purge] [--dry-run] [--help]

Stops and removes the service "mcpgw" that scripts/install.sh installed, as root. Data, settings and logs are kept.

  --purge    remove them too, with all that was registered, and the user mcpgw
  --dry-run  print what would be done, and do nothing
TEXT
}

purge=no
for argument in "$@"; do
  case "$argument" in
    --purge) purge=yes ;;
    --dry-run) DRY_RUN=yes ;;
    --help | -h) usage && exit 0 ;;
    *) fail "there is no option $argument; try scripts/uninstall.sh --help" ;;
  esac
done
require_root
refuse_packaged

case "$(uname -s)" in
  Linux)
    if has_systemd && [ -e "$UNIT" ]; then do_or_say systemctl --quiet disable --now mcpgw.service; fi
    do_or_say rm -rf "$UNIT" "$PROGRAMS" "$DATA_COMMAND" "$COMMAND"
    if has_systemd; then do_or_say systemctl daemon-reload; fi
    kept=(/var/lib/mcpgw /var/log/mcpgw "$SETTINGS")
    ;;
  Darwin)
    do_or_say launchctl bootout system "$PLIST" 2>/dev/null || true
    do_or_say rm -f "$PLIST"
    kept=("$MAC/var/mcpgw" "$MAC/var/log/mcpgw" "$MAC/etc/mcpgw")
    ;;
  *) fail "there is nothing of mcpgw to remove on $(uname -s)" ;;
esac
if [ "$purge" = yes ]; then
  do_or_say rm -rf "${kept[@]}"
  if getent passwd mcpgw >/dev/null 2>&1; then do_or_say userdel mcpgw; fi
else
  say "Kept: ${kept[*]} (--purge removes them)."
fi
