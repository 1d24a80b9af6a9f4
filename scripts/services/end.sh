#!/bin/sh
# finish of every service: records the death, ends the rest of its process group (orphaned NGINX workers hold the port).
# $1 exit code or 256, $2 signal. Exit 125 tells s6 not to start again.
echo "$(date +%s) $1 $2" >>deaths
tail -n 100 deaths >deaths.new && mv deaths.new deaths
pgid=$(cat pgid 2>/dev/null) && [ -n "$pgid" ] && kill -KILL "-$pgid" 2>/dev/null
# sysexits.h EX_CONFIG: a restart does not fix an invalid setting.
[ "$1" = 78 ] && exit 125
exit 0
