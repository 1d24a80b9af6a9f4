# shellcheck shell=bash
# What is built before it runs: the gate and the UI. Everything else is TypeScript that Node runs.

# True when $1 is missing or a file below the others is newer.
older_than() {
  local product=$1 source
  shift
  [ -e "$product" ] || return 0
  for source in "$@"; do
    [ -e "$source" ] && [ -n "$(find "$source" -newer "$product" -type f -print -quit)" ] && return 0
  done
  return 1
}

ensure_gate_built() {
  older_than "$ROOT/nginx/dist/gate.lua" "$ROOT/nginx/gate" "$ROOT/registry/contract" || return 0
  say "Building the gate …"
  [ -w "$ROOT/nginx" ] || fail "nginx/dist is missing or older than its sources, and this user may not write there; run npm run build as the owner of $ROOT"
  run_interruptibly "$ROOT/node_modules/.bin/node" "$ROOT/nginx/gate/build/main.ts" >/dev/null || fail "the gate could not be built; the words are above"
  touch "$ROOT/nginx/dist/gate.lua"
}

# MCPGW_SKIP_BUILD=yes: tests build once, beforehand, not in every gateway that they start.
ensure_built() {
  [ "${MCPGW_SKIP_BUILD:-}" != yes ] || return 0
  ensure_gate_built
  [ -e "$ROOT/ui/vite.config.ts" ] || return 0
  older_than "$ROOT/ui/dist/index.html" "$ROOT/ui/src" "$ROOT/ui/index.html" "$ROOT/ui/public" "$ROOT/ui/package.json" \
    "$ROOT/ui/vite.config.ts" "$ROOT/registry/contract" || return 0
  say "Building the UI …"
  [ -w "$ROOT/ui" ] || fail "ui/dist is missing or older than its sources, and this user may not write there; run npm run build as the owner of $ROOT"
  PATH="$ROOT/node_modules/.bin:$PATH" run_interruptibly npm --prefix "$ROOT" run --silent build -w ui -- --logLevel error ||
    fail "the UI could not be built; the words are above"
}
