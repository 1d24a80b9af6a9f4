import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-compiler-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a program in TypeScript that drops the compiler, and gives what it says of itself each time it gets that far. */
async function run(env: NodeJS.ProcessEnv) {
  const program = join(folder, 'program.ts');
  writeFileSync(
    program,
    `import { dropCompiler } from ${JSON.stringify(join(import.meta.dirname, 'drop-compiler.ts'))};
    import { readFileSync } from 'node:fs';
    const list: readonly string[] = (process as any).moduleLoadList;
    dropCompiler();
    console.log(JSON.stringify({
      pid: process.pid,
      compiler: list.some((name) => name.includes('deps/amaro')),
      args: process.argv.slice(2),
      called: readFileSync('/proc/self/cmdline', 'utf8').split('\\0'),
      kept: process.env['KEPT'],
      marked: 'MCPGW_COMPILED' in process.env,
    }));`,
  );
  const called = ['--max-semi-space-size=2', './program.ts', 'an argument'];
  const child = spawn(process.execPath, called, {
    cwd: folder,
    env: { KEPT: 'yes', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = (await text(child.stdout)).trim().split('\n');
  return {
    pid: child.pid,
    called: [process.execPath, ...called, ''],
    said: said.map((line) => JSON.parse(line) as { compiler: boolean }),
  };
}

test('a process that compiled its own source begins anew without the compiler, as the same process', async () => {
  const { pid, called, said } = await run({ NODE_COMPILE_CACHE: join(folder, 'cache') });
  expect(said).toEqual([{ pid, compiler: false, args: ['an argument'], called, kept: 'yes', marked: false }]);
});

test('it does so once: where nothing can be kept it goes on with the compiler', async () => {
  const blocked = join(folder, 'no-folder');
  writeFileSync(blocked, '');
  for (const env of [{}, { NODE_COMPILE_CACHE: blocked }]) {
    const { pid, called, said } = await run(env);
    expect(said).toEqual([{ pid, compiler: true, args: ['an argument'], called, kept: 'yes', marked: false }]);
  }
});
