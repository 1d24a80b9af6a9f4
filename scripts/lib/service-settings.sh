# shellcheck shell=sh
# The settings of the gateway that is installed as a service, for the commands that are installed with it.

# $1: file of systemd's EnvironmentFile=, which is not a shell script: values are used literally, without one pair of quotes. Variables that the caller
# has set already are preserved.
read_service_settings() {
  if [ -r "$1" ]; then
    while IFS= read -r line; do
      case "$line" in
        [A-Z]*=*)
          name=${line%%=*} value=${line#*=}
          case "$name" in *[!A-Z0-9_]*) continue ;; esac
          case "$value" in \"*\" | \'*\') value=${value#?} value=${value%?} ;; esac
          eval "[ -n \"\${$name+set}\" ]" || export "$name=$value"
          ;;
      esac
    done <"$1"
  fi
  # As in the unit.
  : "${DATA_DIR:=/var/lib/mcpgw}" "${LOG_DIR:=/var/log/mcpgw}"
  export DATA_DIR LOG_DIR
}
