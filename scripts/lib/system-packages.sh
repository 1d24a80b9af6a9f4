# shellcheck shell=bash
# What the machine needs besides Node packages: NGINX with Lua, s6, and as root the tools to transfer folders.

has() { command -v "$1" >/dev/null 2>&1; }

nginx_build_matches() { env -i PATH="$PATH:/usr/sbin" "${NGINX_BIN:-nginx}" -V 2>&1 | grep -q -E -e "$1"; }
# As in registry/publishing/reload/nginx-build.ts.
has_built_in_lua() { nginx_build_matches '--add-module=[^ ]*(ngx_lua-|lua-nginx-module|nginx-mod-http-lua)'; }
# OpenResty contains the Lua libraries too.
is_openresty() { nginx_build_matches '^nginx version: openresty/'; }

has_lua_module() {
  local folder
  for folder in "${NGINX_MODULES:-}" /usr/lib/nginx/modules /usr/lib64/nginx/modules /etc/nginx/modules; do
    [ -n "$folder" ] && [ -e "$folder/ngx_http_lua_module.so" ] && return 0
  done
  has_built_in_lua
}

# True if a file matches one of the patterns, or if Lua needs no separate libraries.
has_lua_library() {
  local pattern
  for pattern; do compgen -G "$pattern" >/dev/null && return 0; done
  is_openresty
}

# Prints the Debian packages that are missing, one per line.
missing_packages() {
  has "${NGINX_BIN:-nginx}" || [ -x /usr/sbin/nginx ] || echo nginx
  has_lua_module || echo libnginx-mod-http-lua
  has_lua_library '/usr/share/lua/5.1/resty/core.lua' '/usr/local/share/lua/5.1/resty/core.lua' || echo lua-resty-core
  has_lua_library '/usr/lib/*/lua/5.1/cjson.so' '/usr/local/lib/lua/5.1/cjson.so' '/usr/lib*/lua/5.1/cjson.so' || echo lua-cjson
  has s6-svscan || echo s6
  { has npm && has node; } || { [ -x "$ROOT/node_modules/.bin/node" ] || printf 'nodejs\nnpm\n'; }
  if [ "$(id -u)" = 0 ]; then has setfacl || echo acl; fi
  has setpriv || echo util-linux
}

# Prints missing packages that mcpgw can run without; they are installed together with the others.
optional_packages() {
  has bwrap || echo bubblewrap
}

# Installs packages without starting their services: Debian's nginx would take port 80 now and at every boot. Fails if apt-get does, which prints the reason.
install_packages() {
  local policy=/usr/sbin/policy-rc.d made_policy=no had_nginx=no code=0
  has nginx && had_nginx=yes
  say "Installing $* (apt-get) …"
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=yes
    # shellcheck disable=SC2064
    trap "rm -f $policy" EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  { run_interruptibly apt-get update -qq &&
    run_interruptibly apt-get install -y -qq --no-install-recommends "$@"; } || code=$?
  trap - EXIT
  if [ "$made_policy" = yes ]; then rm -f "$policy"; fi
  if [ "$had_nginx" = no ] && has nginx; then
    if has systemctl; then systemctl disable nginx.service >/dev/null 2>&1 || true; fi
    if has update-rc.d; then update-rc.d nginx disable >/dev/null 2>&1 || true; fi
  fi
  return "$code"
}

# Installs packages, or ends the script.
require_packages() {
  install_packages "$@" || fail "apt-get could not install $*; its output is above. Install them manually and start again."
}

# With want_optional=yes the optional packages are required too.
ensure_system_packages() {
  local missing optional
  mapfile -t missing < <(missing_packages; if [ "${want_optional:-no}" = yes ]; then optional_packages; fi)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" = 0 ] && has apt-get && grep -qs '^ID=debian\|^ID_LIKE=.*debian' /etc/os-release; then
    mapfile -t optional < <(optional_packages)
    # Optional packages may not be available, as on a machine without network.
    install_packages "${missing[@]}" "${optional[@]}" || require_packages "${missing[@]}"
    mapfile -t optional < <(optional_packages)
    [ "${#optional[@]}" -eq 0 ] || say "Not installed: ${optional[*]}. mcpgw runs without it, but does not start confined programs."
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" -eq 0 ] || fail "still missing after installing: ${missing[*]}"
    return 0
  fi
  say "mcpgw: missing on this machine: ${missing[*]}"
  if has apt-get; then
    say "Install them and start again:  sudo apt-get install --no-install-recommends ${missing[*]}"
    say "(then, unless you use Debian's own NGINX service:  sudo systemctl disable --now nginx)"
  else
    say "Required are NGINX 1.22 or newer with the Lua module (ngx_http_lua_module.so) and the Lua libraries resty.core and cjson, or OpenResty, s6 (s6-svscan), setpriv (util-linux) and Node 20 or newer with npm."
    say "If NGINX or its modules are elsewhere, set NGINX_BIN=/path/to/nginx and NGINX_MODULES=/path/to/modules."
  fi
  exit 1
}
