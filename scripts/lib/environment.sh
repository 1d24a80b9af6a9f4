# shellcheck shell=bash
# The caller's folder and terminal, before both change.

# Relative paths in the environment are relative to the caller's folder, not to the checkout.
make_paths_absolute() {
  local name
  for name in DATA_DIR LOG_DIR CA_FILE ACME_WEBROOT MCPGW_CONFIG NGINX_MODULES; do
    if [ -n "${!name:-}" ] && [ "${!name#/}" = "${!name}" ]; then export "$name=$PWD/${!name}"; fi
  done
  # Files separated by commas, or the text of a certificate.
  for name in TLS_CERT TLS_KEY; do
    case "${!name:-}" in
      '' | -----BEGIN*) ;;
      *) export "$name=$(sed -E "s#(^|,) *([^/ ,])#\\1$PWD/\\2#g" <<<"${!name}")" ;;
    esac
  done
}

# Under nohup SIGHUP is ignored; Node resets that, so it is passed on as a variable.
remember_hangup() {
  local ignored
  ignored="$(sed -n 's/^SigIgn:[[:space:]]*//p' "/proc/$$/status" 2>/dev/null || true)"
  if [ -n "$ignored" ] && (((16#$ignored & 1) == 1)); then export MCPGW_IGNORE_HANGUP=yes; fi
}
