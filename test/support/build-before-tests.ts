import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** Builds what is missing or older than its sources, once before all tests: gateways that tests start skip the build. */
export default function buildBeforeTests(): void {
  const script = 'ROOT="$1"; . "$ROOT/scripts/lib/say.sh"; . "$ROOT/scripts/lib/build.sh"; ensure_built';
  const { status } = spawnSync('bash', ['-euc', script, 'bash', ROOT], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('npm run build failed');
}
