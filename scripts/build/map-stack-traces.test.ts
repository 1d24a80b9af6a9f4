import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('a stack trace of a built program names the file and the line of the source', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-stack-'));
  try {
    writeFileSync(
      join(folder, 'fail.ts'),
      `export function fail(): never {\n  // A line that the build drops.\n  throw new Error('broken');\n}\n`,
    );
    writeFileSync(
      join(folder, 'main.ts'),
      `import { fail } from './fail.ts';\ntry { fail(); } catch (error) { console.log((error as Error).stack); }\n`,
    );
    await build({
      absWorkingDir: folder,
      entryPoints: ['main.ts'],
      outfile: join(folder, 'dist/main.js'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      sourcemap: 'linked',
      minifyWhitespace: true,
      inject: [join(import.meta.dirname, 'map-stack-traces.ts')],
    });
    const { stdout } = spawnSync(process.execPath, ['dist/main.js'], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(/^Error: broken\n {4}at fail \(fail\.ts:3:\d+\)\n/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
