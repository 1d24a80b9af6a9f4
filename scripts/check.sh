#!/usr/bin/env bash
# Runs every static check. ESLint takes as long as all the others together, so it runs in parallel; its output is printed last.
set -uo pipefail

cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." || exit 1
lint_output="$(mktemp)"
npm run --silent lint >"$lint_output" 2>&1 &
lint=$!
trap 'kill "$lint" 2>/dev/null; rm -f "$lint_output"; exit 130' INT TERM HUP
trap 'rm -f "$lint_output"' EXIT

failed=()
for check in format:check types imports unused; do
  npm run --silent "$check" || failed+=("$check")
done
wait "$lint" || failed+=(lint)
cat "$lint_output"
[ "${#failed[@]}" = 0 ] && exit 0
printf 'failed: %s\n' "${failed[*]}" >&2
exit 1
