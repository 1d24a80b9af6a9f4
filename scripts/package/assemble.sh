#!/usr/bin/env bash
# Copies what a gateway needs to run, and nothing else, into a folder: for the image, the Debian package and scripts/install.sh.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"

# If npm installs it, there is a Node already.
with_node=yes
if [ "${1:-}" = --without-node ]; then with_node=no && shift; fi
if [ "$#" != 1 ] || [ "$1" = --help ]; then
  cat <<'TEXT'
Usage: scripts/package/assemble.sh [--without-node] FOLDER

Copies the built programs with the Node that runs them into FOLDER, which must not exist. Build first: npm run build.
With --without-node it contains no Node, but compiled libraries for every machine, for the npm package.
TEXT
  [ "${1:-}" = --help ] && exit 0 || exit 1
fi
mkdir -p "$(dirname "$1")"
target="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
[ ! -e "$target" ] || fail "$target exists; name a folder that does not"
for product in dist/registry.js nginx/dist/gate.lua ui/dist/index.html; do
  [ -e "$ROOT/$product" ] || fail "$product is not built; run npm run build first"
done

# Files of the checkout by name, so that nothing else is included: tests, sources, data.
cd "$ROOT"
files=(
  package.json LICENSE dist/*.js dist/*.js.map nginx/dist ui/dist
  scripts/start.sh scripts/reload.sh scripts/data.sh scripts/lib scripts/services scripts/start/supervise/supervise.sh
  bridge/programs/end-orphans.sh docker/health.sh
)
mkdir -p "$target"
cp -a --parents "${files[@]}" "$target"

install -D -m 755 packaging/mcpgw "$target/bin/mcpgw"

readonly modules="$ROOT/node_modules" into="$target/node_modules"
mkdir -p "$into"
sqlite=better-sqlite3/prebuilds bcrypt=bcrypt/prebuilds
if [ "$with_node" = yes ]; then
  # Needed only by programs that import mcpgw.
  rm "$target"/dist/gateway.js*
  machine="$("$modules/.bin/node" -p 'process.platform + "-" + process.arch')"
  sqlite="$sqlite/$machine.node" bcrypt="$bcrypt/$machine"
  # Node without its debug information is 18 MB smaller; without strip, it is copied unchanged.
  install -D -m 755 "$modules/node/bin/node" "$into/node/bin/node"
  install -m 644 "$modules/node/package.json" "$into/node/package.json"
  if command -v strip >/dev/null; then strip "$into/node/bin/node"; fi
  mkdir -p "$into/.bin"
  ln -s ../node/bin/node "$into/.bin/node"
fi

# The packages with compiled libraries (scripts/build/bundle-programs.ts), each with the library for this machine.
cd "$modules"
cp -a --parents better-sqlite3/{package.json,LICENSE,lib} "$sqlite" bcrypt/{package.json,LICENSE,bcrypt.js,promises.js} "$bcrypt" \
  node-gyp-build/{package.json,LICENSE,index.js,node-gyp-build.js} "$into"
if [ "$with_node" = yes ]; then rm -f "$into"/bcrypt/prebuilds/*/*.musl.node; fi
chmod -R u=rwX,go=rX "$target"
say "Assembled in $target: $(du -sm "$target" | cut -f1) MB."
