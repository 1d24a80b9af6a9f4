import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import * as tstl from 'typescript-to-lua';

const gateDir = fileURLToPath(new URL('../../../../nginx/gate', import.meta.url));
const platformDir = join(gateDir, 'platform');

/** The hand-written Lua by module name, which a test may change before it is run. */
export function readPlatform(): Map<string, string> {
  const files = readdirSync(platformDir).filter((name) => name.endsWith('.lua'));
  return new Map(files.map((name) => [`platform/${name.slice(0, -4)}`, readFileSync(join(platformDir, name), 'utf8')]));
}

function compileRecords(): string {
  const { config } = ts.readConfigFile(join(gateDir, 'tsconfig.lua.json'), (file) => readFileSync(file, 'utf8')) as {
    config: { compilerOptions: object; tstl: object };
  };
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-tstl-'));
  const entry = join(gateDir, 'access/records/index.ts');
  const file = join(folder, 'tsconfig.json');
  const compilerOptions = { ...config.compilerOptions, rootDir: join(gateDir, '../..'), outDir: folder };
  const options = { ...config.tstl, luaBundle: 'records.lua', luaBundleEntry: entry };
  writeFileSync(
    file,
    JSON.stringify({ compilerOptions, files: [entry, join(platformDir, 'platform.d.ts')], tstl: options }),
  );
  let text = '';
  const { diagnostics } = tstl.transpileProject(file, {}, (_name, emitted) => {
    text = emitted;
  });
  rmSync(folder, { recursive: true, force: true });
  if (diagnostics.length > 0)
    throw new Error(diagnostics.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n')).join('\n'));
  return text;
}

let records: string | undefined;

/** One Lua chunk: the platform's modules, the compiled records as the module `records`, and `main`. */
export function buildLua(main: string, platform = readPlatform()): string {
  records ??= compileRecords();
  const modules = [...platform, ['records', records] as const];
  return modules.map(([name, text]) => `package.preload["${name}"] = function(...)\n${text}\nend\n`).join('') + main;
}
