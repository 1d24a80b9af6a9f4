import { fileURLToPath } from 'node:url';

const gateDir = fileURLToPath(new URL('../../nginx/gate/', import.meta.url));
let running = 0;

/**
 * The text of the gate: `nginx/gate/main.ts` and all that it imports as one module of the language that njs 0.7.9 runs (DESIGN §6). It still
 * lacks its settings; `render` writes them in front. Throws esbuild's error when the sources do not bundle.
 */
export async function bundleGate(): Promise<string> {
  const { build, stop } = await import('esbuild');
  running += 1;
  // esbuild runs as a process of its own, which would stay for the whole life of the registry.
  const built = await build({
    entryPoints: [`${gateDir}main.ts`],
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
  }).finally(() => {
    running -= 1;
    return running === 0 ? stop() : undefined;
  });
  const text = built.outputFiles[0]?.text ?? '';
  // njs knows no renamed export.
  const exported = /\nexport \{\n {2}(\w+) as default\n\};\n$/;
  if (!exported.test(text)) throw new Error('esbuild ended the gate in another way than njs can read');
  return text.replace(exported, '\nexport default $1;\n');
}
