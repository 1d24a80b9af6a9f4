#!/usr/bin/env node
// Runs in any Node: if it is too old for the program, the Node of the installation runs it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST = 22;
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const built = join(root, 'dist/cli.js');
const program = existsSync(built) ? built : join(root, 'cli/main.ts');
const node = join(root, 'node_modules/.bin/node');

if (Number(process.versions.node.split('.')[0]) >= OLDEST) await import(program);
else if (existsSync(node)) {
  const { status, signal } = spawnSync(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  if (signal !== null) process.kill(process.pid, signal);
  process.exitCode = status ?? 1;
} else {
  console.error(
    `mcpgw: Node ${process.versions.node} is too old; install Node ${OLDEST} or newer, or run npm ci in ${root}`,
  );
  process.exitCode = 1;
}
