#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
exec "$MCPGW_ROOT/node_modules/.bin/node" registry/main.ts
