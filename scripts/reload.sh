#!/usr/bin/env bash
# Replaces the programs of a running gateway with those of this checkout or installation, while NGINX continues to serve.
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

case "${1:-}" in
  '') ;;
  --help | -h)
    cat <<'TEXT'
Usage: scripts/reload.sh

Upgrades a gateway in place, after the checkout was updated: outdated parts are installed and built, then the registry, the management server and
the bridge are replaced, one after another. NGINX continues to serve; no call to a server that it reaches directly is lost. Programs that the bridge
runs end, and their clients initialise again.
Settings are those that scripts/start.sh was started with (DATA_DIR, MCPGW_CONFIG); changed settings need a restart.
Exit code 3: this version cannot replace the running one in place; stop it and start it again.
TEXT
    exit 0
    ;;
  *) fail "there is no option $1; try scripts/reload.sh --help" ;;
esac

make_paths_absolute
export MCPGW_ROOT="$ROOT"
ensure_node_modules to-run
ensure_built
cd "$ROOT"
exec "$(gateway_node)" "$ROOT/dist/reload.js"
