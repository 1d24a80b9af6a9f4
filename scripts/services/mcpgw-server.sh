#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
# What it needs and no more: the registry's password and secret key are none of its business.
exec env -i PATH="$PATH" MCPGW_SERVER_PORT="$MCPGW_MANAGEMENT_PORT" REGISTRY_URL="$MCPGW_REGISTRY_URL" \
  GATEWAY_URL="$MCPGW_GATEWAY_URL" ALLOWED_ORIGINS="$MCPGW_ALLOWED_ORIGINS" \
  MALLOC_ARENA_MAX=2 "$MCPGW_ROOT/node_modules/.bin/node" --max-semi-space-size=1 --heap-growing-percent=10 dist/mcpgw-server.js
