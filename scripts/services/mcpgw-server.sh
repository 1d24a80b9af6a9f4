#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
unset ADMIN_PASSWORD SECRET_KEY
cd "$MCPGW_ROOT" || exit 1
exec "$MCPGW_ROOT/node_modules/.bin/node" mcpgw-server/main.ts
