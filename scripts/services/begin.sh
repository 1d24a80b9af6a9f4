# shellcheck shell=sh
# First lines of every run script: both outputs to the log, the process group for finish, a pause after repeated deaths.
exec 2>&1
# A start of an earlier version did not set it, and an upgrade in place goes on with the environment of that.
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
