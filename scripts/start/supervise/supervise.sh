#!/bin/sh
# The parent of s6-svscan while the gateway runs; in a container it becomes s6-svscan itself. start.ts executes it (execve), so the pid in gateway.pid and the
# terminal are its own. It only waits, and Node would take 50 MB for that (ADR 0004).
announcer='' supervisor=''

# The run lock (run-lock.ts). Every service inherits it, so that it is held until the last of them has ended, even if this shell is killed.
exec 9<>"$MCPGW_DATA_DIR/gateway.pid"
if ! flock --timeout 10 9; then
  echo "mcpgw: another start on $MCPGW_DATA_DIR was faster" >&2
  exit 1
fi
echo "$$" >"$MCPGW_DATA_DIR/gateway.pid"
# Services write to their own loggers; this is where CALL_STORE=stdout writes.
if (exec 8>&1) 2>/dev/null; then
  exec 8>&1
  export MCPGW_STDOUT_FD=8
fi

# Ends every service in order, loggers last (s6-svscan does so on SIGTERM); only once, even if signalled repeatedly. $1: exit code.
end() {
  trap '' INT TERM HUP
  # If signalled between its start and the next line, its pid is not stored yet.
  : "${supervisor:=$!}"
  # shellcheck disable=SC2086 # no argument for an empty variable
  kill -TERM $announcer $supervisor 2>/dev/null
  wait
  exit "$1"
}
# shellcheck disable=SC2317 # the traps below call it
stop() {
  printf '\nStopping …\n' >&2
  end 0
}
trap stop INT TERM
# Node resets what nohup ignores; start.sh passed it on as a variable.
if [ "$MCPGW_IGNORE_HANGUP" = yes ]; then trap '' HUP; else trap stop HUP; fi

# Replaces the shell that it is called in.
announce() { exec "$MCPGW_NODE" "$MCPGW_ROOT/dist/announce.js" "$1" </dev/null; }

# PID 1 of a container: s6-svscan itself, which adopts every orphan and ends all services on SIGTERM. A failed start ends the container.
if [ "$$" = 1 ]; then
  scan=$MCPGW_DATA_DIR/supervise
  mkdir -p "$scan/.s6-svscan"
  printf '#!/bin/sh\n[ ! -e "%s/failed" ]\n' "$scan" >"$scan/.s6-svscan/finish"
  chmod 700 "$scan/.s6-svscan/finish"
  { (announce 1) || { : >"$scan/failed" && kill -TERM 1; }; } &
  exec s6-svscan "$scan" </dev/null
fi

# In its own session, so that Ctrl-C reaches only this shell, and services end in order. If this shell is killed, the kernel sends
# s6-svscan SIGTERM, which ends all services (prctl(2), PR_SET_PDEATHSIG).
setsid setpriv --pdeathsig TERM s6-svscan "$MCPGW_DATA_DIR/supervise" </dev/null &
supervisor=$!
announce "$supervisor" &
announcer=$!
wait "$announcer" || end 1
announcer=''
wait "$supervisor"
echo "mcpgw: the supervisor (s6-svscan) ended by itself (exit code $?); stopping" >&2
exit 1
