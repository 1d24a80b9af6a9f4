#!/bin/sh
# A clean environment: one of its tools prints it.
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
exec env -i PATH="$PATH" PORT="$MCPGW_DEMO_PORT" "$MCPGW_NODE" scripts/start/demo/demo-server.ts
