# shellcheck shell=sh
# First lines of every run script: both outputs go to the log, the process group is stored for finish, and repeated deaths cause a delay.
exec 2>&1
# A start of an earlier version did not set it, and an upgrade in place uses the environment of that start.
: "${MCPGW_NODE:=$MCPGW_ROOT/node_modules/.bin/node}"
echo "$$" >pgid
if [ -s deaths ]; then
  recent=$(awk -v since="$(($(date +%s) - 120))" '$1 >= since' deaths | wc -l)
  case "$recent" in
    0 | 1 | 2) pause=0 ;;
    3) pause=1 ;;
    4) pause=2 ;;
    5) pause=5 ;;
    6) pause=10 ;;
    *) pause=15 ;;
  esac
  if [ "$pause" -gt 0 ]; then
    echo "$recent deaths in two minutes; starting again in $pause s"
    sleep "$pause"
  fi
fi
