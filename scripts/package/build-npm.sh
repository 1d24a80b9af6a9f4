#!/usr/bin/env bash
# Builds the npm package "mcpgw": the command for npx, and createGateway for programs.
set -euo pipefail

ROOT="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
readonly ROOT
# shellcheck source=scripts/lib/say.sh
. "$ROOT/scripts/lib/say.sh"

if [ "$#" != 1 ] || [ "$1" = --help ]; then
  cat <<'TEXT'
Usage: scripts/package/build-npm.sh FOLDER

Writes FOLDER/mcpgw-<version>.tgz: the built programs, and the parts of node_modules that they need, so that it installs without a compiler. It uses the Node
of the user. Build first: npm run build. Publish it with: npm publish FOLDER/mcpgw-<version>.tgz
TEXT
  [ "${1:-}" = --help ] && exit 0 || exit 1
fi
mkdir -p "$1"
into="$(cd "$1" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$ROOT/scripts/package/assemble.sh" --without-node "$work/package" >&2
cd "$work/package"
install -m 644 "$ROOT/README.md" README.md
install -m 644 "$ROOT/gateway/public.d.ts" index.d.ts
install -D -m 755 "$ROOT/cli/bin/mcpgw.js" cli/bin/mcpgw.js
# The command for services, which starts a Node that is not in this package.
rm -r bin
"$ROOT/node_modules/.bin/node" - "$ROOT" >package.json <<'PROGRAM'
const { readFileSync, writeFileSync } = require('node:fs');
const read = (file) => JSON.parse(readFileSync(`${process.argv[2]}/${file}`, 'utf8'));
const { name, version, description, license } = read('package.json');
// Compiled libraries, and what they load: they are part of the package.
const bundled = ['bcrypt', 'better-sqlite3', 'node-gyp-build'];
const dependencies = Object.fromEntries(bundled.map((one) => [one, read(`node_modules/${one}/package.json`).version]));
// Without scripts, so that nothing is compiled or fetched on installation.
for (const one of bundled) {
  const { name: own, version: of, license: terms, main, type, exports } = read(`node_modules/${one}/package.json`);
  writeFileSync(`node_modules/${one}/package.json`, JSON.stringify({ name: own, version: of, license: terms, main, type, exports }));
}
const manifest = {
  ...{ name, version, description, license, type: 'module' },
  bin: { mcpgw: 'cli/bin/mcpgw.js' },
  exports: { '.': { types: './index.d.ts', default: './dist/gateway.js' } },
  engines: { node: '>=24' },
  dependencies,
  bundleDependencies: bundled,
};
console.log(JSON.stringify(manifest, null, 2));
PROGRAM
npm pack --silent --ignore-scripts --pack-destination "$into"
