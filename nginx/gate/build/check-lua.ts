import { spawnSync } from 'node:child_process';

/** Parses a file with `luajit -b`. Throws with luajit's message; does nothing if luajit is not installed (NGINX's own Lua then reports it). */
export function checkLua(file: string): void {
  const { error, status, stderr } = spawnSync('luajit', ['-b', file, '/dev/null'], { encoding: 'utf8' });
  if (error !== undefined) return;
  if (status !== 0) throw new Error(`the gate is not valid Lua: ${stderr.trim()}`);
}
