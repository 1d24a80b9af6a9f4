import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0;

test.runIf(hasShellcheck)('shellcheck finds nothing in our shell scripts', { timeout: 120_000 }, () => {
  const files = [
    ...globSync('{scripts,docker}/**/*.sh', { cwd: root }),
    'packaging/mcpgw',
    'packaging/mcpgw-data',
    ...globSync('packaging/debian/{postinst,prerm,postrm}', { cwd: root }),
    '.ci/run',
  ];
  expect(files.length).toBeGreaterThan(10);
  const { stdout, status } = spawnSync('shellcheck', ['-x', ...files], { cwd: root, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
