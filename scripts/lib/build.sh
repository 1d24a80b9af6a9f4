# shellcheck shell=bash
# Builds what is missing or older than its sources: programs of Node, the gate, the UI (npm run build builds all three).

# The output of assemble.sh is complete: image, package and installed copies have no lock.
is_assembled() { [ ! -e "$ROOT/package-lock.json" ]; }

# True if $1 is missing, or something in the others is newer. Folders count: removing a file changes its folder only.
is_stale() {
  local product="$ROOT/$1"
  shift
  [ -e "$product" ] || return 0
  [ -n "$(cd "$ROOT" && find "$@" -newer "$product" ! -name '*.test.ts' -print -quit)" ]
}

# $1: name for messages, $2: the folder it is in, the others: npm arguments.
build_part() {
  local name=$1 folder="$ROOT/$2"
  shift 2
  say "Building $name …"
  { mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ]; } ||
    fail "$name: the build in $folder is missing or older than its sources, and this user may not write there; run npm run build as the owner of $ROOT"
  PATH="$ROOT/node_modules/.bin:$PATH" run_interruptibly npm --prefix "$ROOT" run --silent "$@" ||
    fail "$name could not be built; the error is above"
}

# MCPGW_SKIP_BUILD=yes: tests build once, beforehand, not in every gateway that they start.
ensure_built() {
  if [ "${MCPGW_SKIP_BUILD:-}" = yes ] || is_assembled; then return 0; fi
  if is_stale dist/registry.js registry mcpgw-server bridge cli config gateway nginx/templates \
    scripts/start scripts/data scripts/machine scripts/build package.json package-lock.json; then
    build_part "the programs" dist build:programs
  fi
  if is_stale nginx/dist/gate.lua nginx/gate registry/contract/gate package-lock.json; then
    build_part "the gate" nginx/dist build:gate
  fi
  if is_stale ui/dist/index.html ui/src ui/index.html ui/public ui/package.json ui/vite.config.ts ui/static-icons.ts registry/contract package-lock.json; then
    build_part "the UI" ui/dist build -w ui -- --logLevel error
  fi
}
