#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
# When this file exists, the run folder (or the folder that it links to) is that of this start.
until [ -s "$MCPGW_DATA_DIR/run/registry.url" ]; do sleep 0.05; done
run_dir=$(readlink -f "$MCPGW_DATA_DIR/run")
# A killed bridge leaves its socket, and nothing can listen on an existing file.
rm -f "$run_dir/bridge.sock"
# Environments of programs may refer to the gateway's variables, except to these.
unset ADMIN_PASSWORD SECRET_KEY DATABASE_URL
export BRIDGE_SOCKET="$run_dir/bridge.sock" BRIDGE_DIR="$MCPGW_DATA_DIR/bridge"
export ACCESS_DIR="$MCPGW_DATA_DIR/access" INNER_SOCKET="$run_dir/inner.sock"
export BRIDGE_MAX_PROCESSES="$MCPGW_BRIDGE_MAX_PROCESSES"
# A start of a version without confinement, whose programs were replaced in place, did not set further files.
export BRIDGE_HIDDEN="$MCPGW_DATA_DIR
$MCPGW_LOG_DIR
${MCPGW_OWN_FILES:-}"
# bench/findings.md, "Memory of the bridge".
export MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=32768
exec "$MCPGW_NODE" --max-semi-space-size=2 --heap-growing-percent=10 dist/bridge.js
