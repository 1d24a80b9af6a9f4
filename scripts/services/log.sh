#!/bin/sh
# log/run of every service: LOG_DIR/<service>/current, rotated at 5 MB, ten files retained.
name=$(basename "$(dirname "$PWD")")
mkdir -p "$MCPGW_LOG_DIR/$name"
# Only the variables that it needs: settings may contain a password and a secret key.
exec env -i PATH="$PATH" s6-log -b n10 s5000000 "$MCPGW_LOG_DIR/$name"
