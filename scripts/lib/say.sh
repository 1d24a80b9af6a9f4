# shellcheck shell=bash
# Messages for the user at the terminal, and commands that a signal ends together with the script.

say() { printf '%s\n' "$*" >&2; }

fail() {
  printf 'mcpgw: %s\n' "$*" >&2
  exit 1
}

# Runs a long command; a signal to this script ends the command too, where bash alone would wait for it.
run_interruptibly() {
  local code=0 child
  "$@" </dev/null >&2 &
  child=$!
  # shellcheck disable=SC2064 # the current pid is meant
  trap "kill -TERM $child 2>/dev/null; wait $child 2>/dev/null; exit 130" INT TERM HUP
  wait "$child" || code=$?
  trap - INT TERM HUP
  return "$code"
}
