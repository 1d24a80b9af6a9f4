#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
# Memory with 1,000 servers (bench/benches/control-plane/knowledge.ts). A small young generation and little growth between two collections
# keep the heap near what is alive; the bound on the old one is far above that. malloc keeps few arenas and gives large pieces back when they are
# freed: without a set threshold it learns to keep ever larger ones, and V8's compilers free many pieces of 32 KB and more. What the start needs
# (the initial heap) is not collected before it is there: that took a third of the start's CPU.
export MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TRIM_THRESHOLD_=131072
exec "$MCPGW_NODE" --initial-heap-size=32 --max-old-space-size=512 --max-semi-space-size=1 --heap-growing-percent=10 dist/registry.js
