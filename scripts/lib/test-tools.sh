# shellcheck shell=bash
# What tests need beyond running: a browser, a load generator, an adjustable clock, a second NGINX. Tests whose tools are not available are left out with a message, not silently.

readonly TRIXIE_DIR="${TRIXIE_DIR:-/opt/trixie}"
export TRIXIE_DIR

missing_test_packages() {
  has chromium-headless-shell || [ -n "${CHROMIUM:-}" ] || echo chromium-headless-shell
  has wrk || echo wrk
  has shellcheck || echo shellcheck
  has curl || echo curl
  has git || echo git
  has certbot || echo certbot
  has pebble || echo pebble
  has luajit || echo luajit2
  has zsh || echo zsh
  has fish || echo fish
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || echo libfaketime
  [ -x "$TRIXIE_DIR/usr/sbin/nginx" ] || has debootstrap || echo debootstrap
}

readonly TRIXIE_PACKAGES=(nginx libnginx-mod-http-lua lua-resty-core lua-cjson)

# Adds packages to a folder that was created when fewer were needed.
complete_trixie() {
  [ -e "$TRIXIE_DIR/usr/lib/nginx/modules/ngx_http_lua_module.so" ] && [ -e "$TRIXIE_DIR/usr/share/lua/5.1/resty/core.lua" ] &&
    compgen -G "$TRIXIE_DIR/usr/lib/*/lua/5.1/cjson.so" >/dev/null && return 0
  if [ "$(id -u)" != 0 ]; then
    say "LEFT OUT: tests in Debian 13's NGINX: $TRIXIE_DIR lacks Lua (run as root once, or remove the folder)."
    return 0
  fi
  say "Adding Lua to Debian 13's NGINX in $TRIXIE_DIR …"
  printf '#!/bin/sh\nexit 101\n' >"$TRIXIE_DIR/usr/sbin/policy-rc.d"
  chmod 755 "$TRIXIE_DIR/usr/sbin/policy-rc.d"
  cp /etc/resolv.conf "$TRIXIE_DIR/etc/resolv.conf" 2>/dev/null || true
  if ! run_interruptibly chroot "$TRIXIE_DIR" apt-get update -qq ||
    ! run_interruptibly chroot "$TRIXIE_DIR" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${TRIXIE_PACKAGES[@]}"; then
    say "LEFT OUT: tests in Debian 13's NGINX: Lua could not be added, the error is above."
  fi
}

# NGINX 1.26 with Lua in its own folder: it runs from there without chroot, with the loader in that folder.
ensure_trixie() {
  if [ -x "$TRIXIE_DIR/usr/sbin/nginx" ]; then
    complete_trixie
    return 0
  fi
  if [ "$(id -u)" != 0 ] || ! has debootstrap; then
    say "LEFT OUT: tests in Debian 13's NGINX (run as root once, or create $TRIXIE_DIR with debootstrap)."
    return 0
  fi
  say "Fetching Debian 13's NGINX into $TRIXIE_DIR (debootstrap) …"
  if ! run_interruptibly debootstrap --variant=minbase --include="$(IFS=, && echo "${TRIXIE_PACKAGES[*]}")" trixie "$TRIXIE_DIR.new"; then
    rm -rf "$TRIXIE_DIR.new"
    say "LEFT OUT: tests in Debian 13's NGINX: debootstrap failed, its output is above."
    return 0
  fi
  mv "$TRIXIE_DIR.new" "$TRIXIE_DIR"
}

# The second browser. Other distributions may have it under another name: the tests are left out there, unless FIREFOX is set.
ensure_firefox() {
  has firefox-esr || [ -x "${FIREFOX:-}" ] && return 0
  if [ "$(id -u)" = 0 ] && has apt-get && install_packages firefox-esr; then return 0; fi
  say "LEFT OUT: tests in Firefox (install firefox-esr, or set FIREFOX=/path/to/firefox)."
}

ensure_test_tools() {
  local missing
  mapfile -t missing < <(missing_test_packages)
  if [ "${#missing[@]}" -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && has apt-get; then
      require_packages "${missing[@]}"
    else
      say "LEFT OUT: tests that need ${missing[*]} (install them, or run this as root on Debian)."
    fi
  fi
  ensure_firefox
  ensure_trixie
}
