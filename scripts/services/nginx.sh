#!/bin/sh
# NGINX with the generation that was last verified; an unverified one is not trusted after a crash, and generation 0 always works.
. "$MCPGW_ROOT/scripts/services/begin.sh"
cd "$MCPGW_DATA_DIR" || exit 1
# The registry creates both before it listens: the link to the current generation, and the private folder of pid file and sockets (or a link to it).
until [ -e current/nginx.conf ] && [ -d run/ ]; do sleep 0.05; done
run_dir=$(readlink -f run)
# A killed master leaves them, and NGINX refuses to bind to an existing socket file.
rm -f "$run_dir/generation.sock" "$run_dir/inner.sock" "$run_dir/nginx.pid"

# Only the variables that it needs, for the test too: settings may contain a password and a secret key.
run_nginx() { env -i PATH="$PATH" LC_ALL=C "$MCPGW_NGINX_BIN" -e stderr -p "$run_dir" "$@"; }
# NGINX's own test compiles no Lua, so the gate is started once as a test.
passes() {
  run_nginx -t -q -c "$MCPGW_DATA_DIR/generations/$1/nginx.conf" && run_nginx -c "$MCPGW_DATA_DIR/generations/$1/trial.conf"
}
current_generation=$(basename "$(readlink current)")
chosen=$(cat verified 2>/dev/null || echo 0)
passes "$chosen" || chosen=0
if [ "$chosen" != "$current_generation" ]; then
  echo "generation $current_generation is not verified or does not pass; starting with $chosen"
  ln -sfn "generations/$chosen" current.start && mv -T current.start current
fi
exec env -i PATH="$PATH" LC_ALL=C "$MCPGW_NGINX_BIN" -e stderr -p "$run_dir" -c "$MCPGW_DATA_DIR/current/nginx.conf" -g 'daemon off;'
