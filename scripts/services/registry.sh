#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
# A small young generation and one malloc arena keep 1,000 servers at about 200 MB instead of 450; the bound on the old one is far above
# what is ever alive.
export MALLOC_ARENA_MAX=2
exec "$MCPGW_ROOT/node_modules/.bin/node" --max-old-space-size=512 --max-semi-space-size=2 registry/main.ts
