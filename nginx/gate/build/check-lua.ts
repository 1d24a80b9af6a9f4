import { spawnSync } from 'node:child_process';

/** Lets `luajit -b` parse a file. Throws with luajit's message; does nothing where luajit is not installed (NGINX's own Lua then finds it). */
export function checkLua(file: string): void {
  const { error, status, stderr } = spawnSync('luajit', ['-b', file, '/dev/null'], { encoding: 'utf8' });
  if (error !== undefined) return;
  if (status !== 0) throw new Error(`the gate is no valid Lua: ${stderr.trim()}`);
}
