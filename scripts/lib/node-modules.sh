# shellcheck shell=bash
# node_modules: installed if missing or older than the lock. The stamp holds the hash of the lock that was installed.

lock_hash() { sha256sum "$1" | cut -d' ' -f1; }

# The Node that is installed with mcpgw; if npm installed mcpgw as a package, the Node in PATH.
gateway_node() {
  if [ -x "$ROOT/node_modules/.bin/node" ]; then echo "$ROOT/node_modules/.bin/node"; else command -v node; fi
}

# $1: to-run or with-dev. A newer lock file may have the same content (a checkout, a second npm install), so then its content decides.
modules_are_current() {
  local modules="$ROOT/node_modules" stamp="$ROOT/node_modules/.mcpgw-lock" theirs
  [ -x "$modules/.bin/node" ] && [ -e "$modules/.package-lock.json" ] || return 1
  if [ -L "$modules" ]; then
    theirs="$(dirname "$(readlink -f "$modules")")/package-lock.json"
    cmp -s "$theirs" "$ROOT/package-lock.json"
    return
  fi
  [ -e "$stamp" ] && [ "$1" = to-run ] && [ "$(cat "$stamp")" = "$(lock_hash "$ROOT/package-lock.json")" ] && return 0
  "$modules/.bin/node" "$ROOT/scripts/lib/lock-is-installed.mjs" "$ROOT" "$1"
}

# Started by npm or npx of another project, these would name that project's folder.
unset npm_config_local_prefix npm_config_prefix npm_package_json INIT_CWD

# $1: to-run, or with-dev for the tools of tests too.
ensure_node_modules() {
  local only=(--omit=dev)
  if is_assembled; then return 0; fi
  modules_are_current "$1" && return 0
  # npm ci empties the folder first, through a link too: it would wipe the modules of the checkout that the link names.
  [ ! -L "$ROOT/node_modules" ] ||
    fail "$ROOT/node_modules is a link to modules of another lock; remove the link and start again, so that its own modules are installed"
  # A developer's tree keeps its tools.
  if [ -e "$ROOT/node_modules/vitest" ] || [ "$1" = with-dev ]; then only=(); fi
  [ -w "$ROOT" ] || fail "$ROOT/node_modules is missing or older than package-lock.json, and this user may not write there; run npm ci as its owner"
  say "Installing Node packages (npm ci) …"
  # Scripts are off and three packages are built: npm before 11.19 would compile better-sqlite3, whose binary is in the package.
  { run_interruptibly npm --prefix "$ROOT" ci "${only[@]}" --ignore-scripts --no-audit --no-fund --loglevel=error &&
    run_interruptibly npm --prefix "$ROOT" rebuild node bcrypt esbuild --ignore-scripts=false --loglevel=error; } ||
    fail "npm ci failed; its output is above. With no network at hand, copy node_modules from a machine with the same package-lock.json."
  [ -x "$ROOT/node_modules/.bin/node" ] || fail "npm ci succeeded, but node_modules/.bin/node is missing; remove node_modules and start again"
  lock_hash "$ROOT/package-lock.json" >"$ROOT/node_modules/.mcpgw-lock"
}
