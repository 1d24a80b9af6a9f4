#!/usr/bin/env bash
# Backs up, restores and checks the data of a gateway.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/node-modules.sh
. "$ROOT/scripts/lib/node-modules.sh"
# shellcheck source=scripts/lib/build.sh
. "$ROOT/scripts/lib/build.sh"
# shellcheck source=scripts/lib/environment.sh
. "$ROOT/scripts/lib/environment.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/data.sh backup FOLDER | restore FOLDER [--replace] | check | audit-verify

  backup   write the database and its key into a new folder, while the gateway runs
  restore  put a backup into DATA_DIR while the gateway is stopped; --replace moves an existing database aside
  check    read the whole database and report whether it is sound, while the gateway runs
  audit-verify
           compare every audit row with the chain and report one that was changed or is missing, while the gateway runs;
           needs the SECRET_KEY of the gateway

The settings are those of scripts/start.sh (DATA_DIR, DATABASE_URL, MCPGW_CONFIG).
TEXT
}

case "${1:-}" in
  backup | restore | check | audit-verify) ;;
  --help | -h)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 1
    ;;
esac

make_paths_absolute
export MCPGW_ROOT="$ROOT" MCPGW_CALLER_DIR="$PWD"
ensure_node_modules to-run
ensure_built
cd "$ROOT"
exec "$(gateway_node)" "$ROOT/dist/data.js" "$@"
