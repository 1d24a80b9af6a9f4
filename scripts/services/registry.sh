#!/bin/sh
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_ROOT" || exit 1
# Memory with 1,000 servers (bench/benches/control-plane/knowledge.ts). A small young generation and little growth between two collections
# keep the heap close to the live objects; the limit of the old generation is far above that. malloc uses few arenas and returns large blocks when they are
# freed: without a fixed threshold it adapts to retain ever larger ones, and V8's compilers free many blocks of 32 KB and more. The heap is not
# collected before it has the size that the start needs (the initial heap): that took a third of the start's CPU.
export MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TRIM_THRESHOLD_=131072
exec "$MCPGW_NODE" --initial-heap-size=32 --max-old-space-size=512 --max-semi-space-size=1 --heap-growing-percent=10 dist/registry.js
