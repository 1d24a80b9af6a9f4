import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkLua } from './check-lua.ts';
import { joinTexts } from './join-texts.ts';

const gateDir = fileURLToPath(new URL('..', import.meta.url));
const contractDir = fileURLToPath(new URL('../../../registry/contract/gate', import.meta.url));

/** Path of the built gate; it is not in the repository. */
export const GATE_FILE = fileURLToPath(new URL('../../dist/gate.lua', import.meta.url));

function listFiles(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name) && !entry.name.includes('.test.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const file of [...listFiles(gateDir, /\.(ts|lua|json)$/), ...listFiles(contractDir, /\.ts$/)])
    hash
      .update(`${relative(gateDir, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

/** The hand-written Lua, each file as the module `platform/<name>`. */
function bundlePlatform(): string {
  return listFiles(join(gateDir, 'platform'), /\.lua$/)
    .map((file) => {
      const name = relative(gateDir, file).replace(/\.lua$/, '');
      return `package.preload[${JSON.stringify(name)}] = function(...)\n${readFileSync(file, 'utf8')}end\n`;
    })
    .join('');
}

async function compile(): Promise<string> {
  // TypeScript takes a second to load, so only a build loads it.
  const tstl = await import('typescript-to-lua');
  const ts = (await import('typescript')).default;
  let compiled = '';
  const { diagnostics } = tstl.transpileProject(
    join(gateDir, 'tsconfig.lua.json'),
    { luaPlugins: [{ plugin: await joinTexts() }] },
    (_name, text) => {
      compiled = text;
    },
  );
  if (diagnostics.length > 0)
    throw new Error(
      ts.formatDiagnostics(diagnostics, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => process.cwd(),
        getNewLine: () => '\n',
      }),
    );
  return compiled;
}

/**
 * The text of the gate: TypeScript compiled to Lua and the hand-written Lua as one chunk that returns the functions NGINX calls. It is compiled
 * again only when a source has changed, and written to `GATE_FILE`. Throws with the compiler's messages, or luajit's if it is installed.
 */
export async function buildGate(): Promise<string> {
  const mark = `-- sources ${hashSources()}\n`;
  try {
    const built = readFileSync(GATE_FILE, 'utf8');
    if (built.startsWith(mark)) return built;
  } catch {
    // Not built yet.
  }
  const text = `${mark}${bundlePlatform()}${await compile()}`;
  const temporary = `${GATE_FILE}.${process.pid}.tmp`;
  mkdirSync(dirname(GATE_FILE), { recursive: true });
  writeFileSync(temporary, text);
  checkLua(temporary);
  renameSync(temporary, GATE_FILE);
  return text;
}
