#!/usr/bin/env bash
# Installs mcpgw as a service: systemd on Linux, launchd (with the image) on macOS. Running it again upgrades in place.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/service.sh
. "$ROOT/scripts/lib/service.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/install.sh [--dry-run] [--no-start] [--help]

Installs this checkout as the service "mcpgw", as root. Run again after an update, it upgrades in place: NGINX continues to serve.

  Linux  programs in /usr/lib/mcpgw, settings in /etc/mcpgw/mcpgw.env, data in /var/lib/mcpgw, logs in /var/log/mcpgw, a unit of systemd
  macOS  the image "mcpgw" as a daemon of launchd; build it first: docker build -f docker/Dockerfile -t mcpgw .

  --dry-run   print what would be done, and do nothing
  --no-start  install, and start nothing

On Debian the package (scripts/package/build-deb.sh) does the same, under the control of the package manager.
TEXT
}

start=yes
for argument in "$@"; do
  case "$argument" in
    --dry-run) DRY_RUN=yes ;;
    --no-start) start=no ;;
    --help | -h) usage && exit 0 ;;
    *) fail "there is no option $argument; try scripts/install.sh --help" ;;
  esac
done
require_root
refuse_packaged

install_systemd() {
  # shellcheck source=scripts/lib/system-packages.sh
  . "$ROOT/scripts/lib/system-packages.sh"
  # shellcheck source=scripts/lib/node-modules.sh
  . "$ROOT/scripts/lib/node-modules.sh"
  # shellcheck source=scripts/lib/build.sh
  . "$ROOT/scripts/lib/build.sh"
  if [ "$DRY_RUN" = no ]; then
    ensure_system_packages
    ensure_node_modules to-run
    ensure_built
  fi
  local active=no
  if has_systemd && systemctl --quiet is-active mcpgw.service; then active=yes; fi
  getent passwd mcpgw >/dev/null ||
    do_or_say useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mcpgw
  do_or_say rm -rf "$PROGRAMS.new" "$PROGRAMS.old"
  do_or_say "$ROOT/scripts/package/assemble.sh" "$PROGRAMS.new"
  [ ! -e "$PROGRAMS" ] || do_or_say mv "$PROGRAMS" "$PROGRAMS.old"
  do_or_say mv "$PROGRAMS.new" "$PROGRAMS"
  do_or_say rm -rf "$PROGRAMS.old"
  do_or_say install -d -m 755 "$SETTINGS"
  # Existing settings belong to the administrator.
  [ -e "$SETTINGS/mcpgw.env" ] || do_or_say install -m 640 -g mcpgw "$ROOT/packaging/mcpgw.env" "$SETTINGS/mcpgw.env"
  do_or_say install -m 755 "$ROOT/packaging/mcpgw-data" "$DATA_COMMAND"
  do_or_say ln -sfn "$PROGRAMS/bin/mcpgw" "$COMMAND"
  do_or_say install -d -m 755 "$(dirname "$UNIT")"
  do_or_say install -m 644 "$ROOT/packaging/systemd/mcpgw.service" "$UNIT"
  if ! has_systemd; then
    say "systemd does not run here: nothing was started."
    return
  fi
  do_or_say systemctl daemon-reload
  do_or_say systemctl --quiet enable mcpgw.service
  if [ "$start" = no ]; then return; fi
  if [ "$active" = yes ]; then
    do_or_say systemctl reload mcpgw.service ||
      fail "this version could not replace the running one; 'journalctl -u mcpgw' shows why, and 'systemctl restart mcpgw' starts it again"
  else
    do_or_say systemctl start mcpgw.service || fail "it does not start; 'systemctl status mcpgw' and /var/log/mcpgw show why"
  fi
  [ "$DRY_RUN" = yes ] || say "mcpgw is running: $(systemctl show -p StatusText --value mcpgw.service). The first login is in /var/lib/mcpgw/first-login.txt"
}

install_launchd() {
  [ "$DRY_RUN" = yes ] || docker image inspect mcpgw >/dev/null 2>&1 ||
    fail "there is no image \"mcpgw\"; build it first: docker build -f docker/Dockerfile -t mcpgw ."
  do_or_say mkdir -p "$MAC/etc/mcpgw" "$MAC/var/mcpgw" "$MAC/var/log/mcpgw"
  # Docker's --env-file accepts no quotes and no "export"; comments are allowed.
  [ -e "$MAC/etc/mcpgw/mcpgw.env" ] || do_or_say install -m 600 "$ROOT/packaging/mcpgw.env" "$MAC/etc/mcpgw/mcpgw.env"
  do_or_say install -m 644 "$ROOT/packaging/launchd/io.mcpgw.gateway.plist" "$PLIST"
  if [ "$start" = no ]; then return; fi
  # bootout fails if nothing is loaded, which is not an error.
  do_or_say launchctl bootout system "$PLIST" 2>/dev/null || true
  do_or_say launchctl bootstrap system "$PLIST"
}

case "$(uname -s)" in
  Linux) install_systemd ;;
  Darwin) install_launchd ;;
  *) fail "there is no service for $(uname -s); run the image (docker/compose.yaml)" ;;
esac
