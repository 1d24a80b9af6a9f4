#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
# The registry writes its URL into the run folder (or a folder that this links to) as soon as it listens.
until [ -s "$MCPGW_DATA_DIR/run/registry.url" ]; do sleep 0.05; done
run_dir=$(readlink -f "$MCPGW_DATA_DIR/run")
# A killed server leaves its socket, and nothing can listen on an existing file.
rm -f "$run_dir/mcpgw-server.sock"
# If no program may be registered, this process is the bridge too: another one would cost 30 MB.
if [ "$MCPGW_BRIDGE_INSIDE" = yes ]; then
  rm -f "$run_dir/bridge.sock"
  bridge_socket="$run_dir/bridge.sock"
fi
# Flags of V8 and settings of malloc: see registry.sh. Only the variables that it needs: not the registry's password and secret key.
exec env -i PATH="$PATH" MCPGW_SERVER_SOCKET="$run_dir/mcpgw-server.sock" REGISTRY_URL="$(cat "$run_dir/registry.url")" \
  GATEWAY_URL="$MCPGW_GATEWAY_URL" ALLOWED_ORIGINS="$MCPGW_ALLOWED_ORIGINS" MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=32768 \
  BRIDGE_SOCKET="${bridge_socket:-}" BRIDGE_DIR="$MCPGW_DATA_DIR/bridge" ACCESS_DIR="$MCPGW_DATA_DIR/access" INNER_SOCKET="$run_dir/inner.sock" \
  "$MCPGW_NODE" --initial-heap-size=32 --max-semi-space-size=1 --heap-growing-percent=10 dist/mcpgw-server.js
