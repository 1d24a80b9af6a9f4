# shellcheck shell=bash
# What tests need beyond running: a browser, a load generator, a clock to be set, a second NGINX. What cannot be had is left out with a line, not silently.

readonly TRIXIE_DIR="${TRIXIE_DIR:-/opt/trixie}"
export TRIXIE_DIR

missing_test_packages() {
  has chromium || has chromium-browser || echo chromium
  has wrk || echo wrk
  has shellcheck || echo shellcheck
  has curl || echo curl
  has git || echo git
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || echo libfaketime
  [ -x "$TRIXIE_DIR/usr/sbin/nginx" ] || has debootstrap || echo debootstrap
}

# NGINX 1.26 with njs 0.8 in a folder of its own: it runs from there without chroot, by the loader that is beside it.
ensure_trixie() {
  [ -x "$TRIXIE_DIR/usr/sbin/nginx" ] && return 0
  if [ "$(id -u)" != 0 ] || ! has debootstrap; then
    say "LEFT OUT: tests in Debian 13's NGINX (run as root once, or make $TRIXIE_DIR with debootstrap)."
    return 0
  fi
  say "Fetching Debian 13's NGINX into $TRIXIE_DIR (debootstrap) …"
  if ! run_interruptibly debootstrap --variant=minbase --include=nginx,libnginx-mod-http-js trixie "$TRIXIE_DIR.new"; then
    rm -rf "$TRIXIE_DIR.new"
    say "LEFT OUT: tests in Debian 13's NGINX: debootstrap failed, its words are above."
    return 0
  fi
  mv "$TRIXIE_DIR.new" "$TRIXIE_DIR"
}

ensure_test_tools() {
  local missing
  mapfile -t missing < <(missing_test_packages)
  if [ "${#missing[@]}" -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && has apt-get; then
      install_packages "${missing[@]}"
    else
      say "LEFT OUT: tests that need ${missing[*]} (install them, or run this as root on Debian)."
    fi
  fi
  ensure_trixie
}
