#!/usr/bin/env bash
# Starts a whole gateway in the foreground: NGINX, the registry and the other services, under s6.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/system-packages.sh
. "$ROOT/scripts/lib/system-packages.sh"
# shellcheck source=scripts/lib/node-modules.sh
. "$ROOT/scripts/lib/node-modules.sh"
# shellcheck source=scripts/lib/build.sh
. "$ROOT/scripts/lib/build.sh"
# shellcheck source=scripts/lib/environment.sh
. "$ROOT/scripts/lib/environment.sh"

usage() {
  cat <<'TEXT'
Usage: scripts/start.sh [--demo] [--tls=dev] [--no-meta-mcp] [--help]

Starts mcpgw in the foreground and prints "ready" when it serves. Ctrl-C (or SIGTERM) stops all its processes.

  --demo     also start the MCP server "everything" and register it, so that agents have a server to call, at a URL and as a program
             (allows administrators to register programs, unless STDIO_COMMANDS is set)
  --tls=dev  serve HTTPS on GATEWAY_TLS_PORT (8443) with a certificate of a local CA, and print how to trust it
  --no-meta-mcp  no meta endpoint at /mcp
  --help     this text

Settings come from the environment or from mcpgw.config.json; the README lists them all. The ones used most:
  GATEWAY_PORT   port that agents and browsers use (8080)
  DATA_DIR       folder for all data (./data)
  REGISTRY_PORT  port of the registry, on loopback (7860; 0: any free one)
  ADMIN_PASSWORD password of the first administrator (generated when unset)
Two gateways can run side by side if DATA_DIR, GATEWAY_PORT and REGISTRY_PORT differ.

As root on Debian, missing packages are installed, and the gateway runs as the user "mcpgw".
TEXT
}

demo=no
for argument in "$@"; do
  case "$argument" in
    --demo) demo=yes ;;
    --tls=dev) export TLS_DEV=yes ;;
    --no-meta-mcp) export META_MCP=off ;;
    --help | -h)
      usage
      exit 0
      ;;
    *) fail "there is no option $argument; try scripts/start.sh --help" ;;
  esac
done

if [ "$demo" = yes ] && is_assembled; then
  fail "--demo needs a clone of the repository; for the image, docker/compose.yaml has demo servers"
fi
make_paths_absolute
cd "$ROOT"
ensure_system_packages
ensure_node_modules to-run
ensure_built
remember_hangup

export MCPGW_ROOT="$ROOT" MCPGW_DEMO="$demo"
exec "$(gateway_node)" "$ROOT/dist/start.js"
