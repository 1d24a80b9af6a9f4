import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/gateway/start-gateway.ts';

function newestMs(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

/** Builds the UI if the build is older than its sources, so that no test runs on a stale build. */
export function buildUi(): void {
  const built = statSync(join(ROOT, 'ui/dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['ui/src', 'ui/public', 'registry/contract'].map((folder) => newestMs(join(ROOT, folder)));
  const page = statSync(join(ROOT, 'ui/index.html')).mtimeMs;
  if (built > Math.max(page, ...sources)) return;
  execFileSync('npm', ['run', 'build', '-w', 'ui'], { cwd: ROOT, stdio: 'pipe' });
}
