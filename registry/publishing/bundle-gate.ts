import { fileURLToPath } from 'node:url';
import type { BuildOptions, OnLoadResult, Plugin } from 'esbuild';

const gateDir = fileURLToPath(new URL('../../nginx/gate-njs/', import.meta.url));
let running = 0;

/** The language that njs 0.7.9 runs (DESIGN §6). */
const OPTIONS = {
  // Its comments name the files from here: the same bytes wherever the registry was started.
  absWorkingDir: gateDir,
  bundle: true,
  write: false,
  format: 'esm',
  target: 'es2015',
  // What njs 0.7.9 lacks of it: esbuild refuses it by name where it cannot write it otherwise.
  supported: {
    'array-spread': false,
    class: false,
    'default-argument': false,
    destructuring: false,
    'for-of': false,
    generator: false,
    'nested-rest-binding': false,
  },
  platform: 'neutral',
  external: ['fs', 'crypto'],
  charset: 'ascii',
  logLevel: 'silent',
} as const satisfies BuildOptions;

const EXPORT = /\nexport \{\n {2}rest\n\};\n$/;
const IMPORTS = /^import .*;\n/gm;

/** Makes a module whose one export, `openRest`, makes what `bundle` exports as `rest` when it is first called. */
function wrapLazily(bundle: string): string {
  if (!EXPORT.test(bundle)) throw new Error('esbuild ended the rest of the gate in another way');
  const imports = [...new Set(bundle.match(IMPORTS))].join('');
  const body = bundle.replace(IMPORTS, '').replace(EXPORT, '\nreturn rest;\n');
  return `${imports}function makeRest() {\n${body}}
let made = null;
export function openRest() {
  if (made === null) made = makeRest();
  return made;
}\n`;
}

const lazily = (build: (options: BuildOptions) => Promise<string>): Plugin => ({
  name: 'rest-lazily',
  setup(steps) {
    steps.onLoad({ filter: /\/open-rest\.ts$/ }, async (): Promise<OnLoadResult> => {
      return { contents: wrapLazily(await build({ ...OPTIONS, entryPoints: [`${gateDir}rest.ts`] })), loader: 'js' };
    });
  },
});

/**
 * The text of the gate: `nginx/gate-njs/main.ts` and all that it imports as one module of the language that njs 0.7.9 runs. What an ordinary call
 * does not need is made when it is first needed (open-rest.ts). It still lacks its settings; `render` writes them in front. Throws esbuild's
 * error when the sources do not bundle.
 */
export async function bundleGate(): Promise<string> {
  const esbuild = await import('esbuild');
  const build = async (options: BuildOptions) => (await esbuild.build(options)).outputFiles?.[0]?.text ?? '';
  running += 1;
  // esbuild runs as a process of its own, which would stay for the whole life of the registry.
  const text = await build({ ...OPTIONS, entryPoints: [`${gateDir}main.ts`], plugins: [lazily(build)] }).finally(() => {
    running -= 1;
    return running === 0 ? esbuild.stop() : undefined;
  });
  // njs knows no renamed export.
  const exported = /\nexport \{\n {2}(\w+) as default\n\};\n$/;
  if (!exported.test(text)) throw new Error('esbuild ended the gate in another way than njs can read');
  return text.replace(exported, '\nexport default $1;\n');
}
