import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { mapOwnSourcesOnly } from './bundle-programs.ts';

test('a stack trace of a built program names the file and the line of the source, and of a package the built file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-stack-'));
  try {
    writeFileSync(
      join(folder, 'fail.ts'),
      `export function fail(): never {\n  // A line that the build drops.\n  throw new Error('broken');\n}\n`,
    );
    writeFileSync(
      join(folder, 'main.ts'),
      `import { fail } from './fail.ts';\nimport { call } from 'some-package';\ntry { call(fail); } catch (error) { console.log((error as Error).stack); }\n`,
    );
    mkdirSync(join(folder, 'node_modules/some-package'), { recursive: true });
    writeFileSync(
      join(folder, 'node_modules/some-package/index.js'),
      `exports.call = function call(what) {\n\n  return what();\n};\n`,
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
      plugins: [mapOwnSourcesOnly],
      inject: [join(import.meta.dirname, 'map-stack-traces.ts')],
    });
    const { stdout } = spawnSync(process.execPath, ['dist/main.js'], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toMatch(
      /^Error: broken\n {4}at fail \(fail\.ts:3:\d+\)\n {4}at call\d* \(file:.*main\.js:1:\d+\)\n {4}at main\.ts:3:\d+/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
