import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type OutputFile, type Plugin } from 'esbuild';
import { embedTemplates } from './embed-templates.ts';
import { requireBuiltins, trimPackages } from './trim-packages.ts';

/** Program → the source that it starts from. Each is bundled into one file of the build folder. */
export const PROGRAMS = {
  registry: 'registry/main.ts',
  /** A worker thread of the registry. */
  'call-worker': 'registry/activity/calls/call-worker.ts',
  'mcpgw-server': 'mcpgw-server/main.ts',
  bridge: 'bridge/main.ts',
  cli: 'cli/main.ts',
  start: 'scripts/start/start.ts',
  /** `import { createGateway } from 'mcpgw'` of the npm package. */
  gateway: 'gateway/index.ts',
  announce: 'scripts/start/announce/announce.ts',
  reload: 'scripts/start/reload.ts',
  data: 'scripts/data/data.ts',
  /** What the command line runs to inspect this machine. */
  machine: 'scripts/machine/machine.ts',
} as const;

/** Node loads these from node_modules: they contain a compiled library. */
const NATIVE_MODULES = ['bcrypt', 'better-sqlite3'];

/** CommonJS packages call `require` for Node's own modules, and an ES module has none. */
const REQUIRE = `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`;

/** A source map without mappings: esbuild uses the file as its own source and maps none of it. */
const NO_MAPPINGS = `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from('{"version":3,"sources":["package"],"mappings":"AAAA"}').toString('base64')}`;

/** Node holds the whole source map in memory; without the packages it is a tenth, and their stack frames still name the function. */
export const mapOwnSourcesOnly: Plugin = {
  name: 'map-own-sources-only',
  setup(steps) {
    steps.onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}${NO_MAPPINGS}`,
      loader: 'js',
    }));
  },
};

/** Bundles every program for Node, as it is to be written to `outDir`; writes nothing. Throws esbuild's error if a source does not bundle. */
export async function bundlePrograms(root: string, outDir: string): Promise<OutputFile[]> {
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: root,
    entryPoints: PROGRAMS,
    outdir: outDir,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: NATIVE_MODULES,
    // Its CommonJS build requires its parts in a form that cannot be bundled.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    banner: { js: REQUIRE },
    inject: [join(import.meta.dirname, 'map-stack-traces.ts')],
    sourcemap: 'linked',
    sourcesContent: false,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [requireBuiltins, trimPackages, mapOwnSourcesOnly, embedTemplates],
  });
  return outputFiles;
}
