#!/bin/sh
# Started by the bridge in its own session, with a pipe from the bridge as stdin. $1: the NAME=value that every process below the bridge has in
# its environment. The pipe closes when the bridge ends, however it ends; then every process that still has the mark is killed.
trap '' TERM INT HUP
cat >/dev/null
tries=0
while [ "$tries" -lt 100 ]; do
  marked=$(grep -lsz -Fx -e "$1" /proc/[0-9]*/environ)
  [ -n "$marked" ] || exit 0
  for file in $marked; do
    pid=${file#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
  done
  tries=$((tries + 1))
done
