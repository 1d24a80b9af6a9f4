import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { joinTexts } from '../build/join-texts.ts';

const gateDir = fileURLToPath(new URL('..', import.meta.url));

/** Compiles a source of the gate (its path within nginx/gate) and what it imports to one Lua chunk that returns its exports. Throws with the compiler's message. */
export async function compileForTests(source: string): Promise<string> {
  const tstl = await import('typescript-to-lua');
  const ts = (await import('typescript')).default;
  const project = tstl.parseConfigFileWithSystem(join(gateDir, 'tsconfig.lua.json'));
  const entry = join(gateDir, source);
  let compiled = '';
  const { diagnostics } = tstl.transpileFiles(
    [entry, join(gateDir, 'ngx.d.ts'), join(gateDir, 'platform/platform.d.ts')],
    { ...project.options, luaBundle: 'bundle.lua', luaBundleEntry: entry, luaPlugins: [{ plugin: await joinTexts() }] },
    (_name, text) => {
      compiled = text;
    },
  );
  if (diagnostics.length > 0) throw new Error(ts.flattenDiagnosticMessageText(diagnostics[0]?.messageText, '\n'));
  return compiled;
}
