#!/usr/bin/env bash
# Runs every check and test. Installs what they need if it may; reports what it had to leave out.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/system-packages.sh
. "$ROOT/scripts/lib/system-packages.sh"
# shellcheck source=scripts/lib/node-modules.sh
. "$ROOT/scripts/lib/node-modules.sh"
# shellcheck source=scripts/lib/build.sh
. "$ROOT/scripts/lib/build.sh"
# shellcheck source=scripts/lib/test-tools.sh
. "$ROOT/scripts/lib/test-tools.sh"

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
  cat <<'TEXT'
Usage: scripts/test.sh [vitest arguments]

Runs npm run check and all tests (unit, ui, integration, e2e); the last line is "N passed, N failed".
Arguments are passed to vitest, for example: scripts/test.sh --project unit
As root on Debian, what the tests need is installed: Chromium, Firefox, wrk, shellcheck, and NGINX of Debian 13 in TRIXIE_DIR (/opt/trixie).
TEXT
  exit 0
fi

cd "$ROOT"
# Tests confine programs.
want_optional=yes
ensure_system_packages
ensure_test_tools
ensure_node_modules with-dev
ensure_built
export PATH="$ROOT/node_modules/.bin:$PATH"

[ "${PROVE_SHIPPING:-}" = yes ] ||
  say "LEFT OUT: scripts/clone/prove.sh, scripts/image/prove.sh and scripts/package/prove-deb.sh, which take minutes each (PROVE_SHIPPING=yes runs them)."
results="$(mktemp -d)"
trap 'rm -rf "$results"' EXIT
check=passed
run_interruptibly npm run --silent check || check=failed
run_interruptibly vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json" "$@" || true
node scripts/count-tests.ts "$results/vitest.json" "$check"
