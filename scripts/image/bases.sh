# shellcheck shell=bash
# Replacements for the base images of docker/Dockerfile, built here if no image registry can be reached.

# $1: folder. Debian 13 as in debian:trixie-slim (without documentation), by debootstrap; cached, since it takes a minute.
create_debian() {
  local folder=$1 new=$1.new
  [ ! -e "$folder/usr/bin/dpkg" ] || return 0
  mkdir -p "$(dirname "$folder")"
  rm -rf "$new"
  debootstrap --variant=minbase trixie "$new" >"$folder.log" 2>&1 || {
    tail -n 5 "$folder.log" >&2
    return 1
  }
  printf 'path-exclude /usr/share/%s/*\n' doc man info locale lintian >"$new/etc/dpkg/dpkg.cfg.d/slim"
  # As in Debian's images: no service starts in a container, nothing is downloaded twice.
  printf '#!/bin/sh\nexit 101\n' >"$new/usr/sbin/policy-rc.d"
  chmod 755 "$new/usr/sbin/policy-rc.d"
  rm -rf "$new"/usr/share/{doc,man,info,locale,lintian}/* "$new"/var/lib/apt/lists/* "$new"/var/cache/apt/* "$new"/var/log/*
  # The network configuration of this machine.
  cp /etc/apt/apt.conf.d/*proxy* "$new/etc/apt/apt.conf.d/" 2>/dev/null || true
  mv "$new" "$folder"
}

# $1: Debian's folder, $2: folder. Node with npm, as in node:24-trixie-slim: Node of this checkout, npm of this machine.
create_node() {
  local npm
  npm="$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")"
  rm -rf "$2"
  cp -a "$1" "$2"
  install -m 755 "$(readlink -f "$ROOT/node_modules/.bin/node")" "$2/usr/local/bin/node"
  mkdir -p "$2/usr/local/lib/node_modules"
  cp -a "$npm" "$2/usr/local/lib/node_modules/npm"
  configure_npm "$2"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$2/usr/local/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$2/usr/local/bin/npx"
}

# $1: a machine's folder. npm there reaches the package registry like npm here.
configure_npm() {
  local ca
  cp "$HOME/.npmrc" "$1/root/.npmrc" 2>/dev/null || true
  for ca in "$(npm config get cafile)" "${NODE_EXTRA_CA_CERTS:-}"; do
    if [ -f "$ca" ]; then
      cp "$ca" "$1/etc/npm-ca.pem"
      if [ -e "$1/root/.npmrc" ]; then sed -i '/^cafile *=/d' "$1/root/.npmrc"; fi
      echo "cafile=/etc/npm-ca.pem" >>"$1/root/.npmrc"
      break
    fi
  done
}
