import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';

function readNginxVersion(): string {
  try {
    return execFileSync('sh', ['-c', 'nginx -v 2>&1'], { encoding: 'utf8' })
      .replace(/^.*nginx\//, '')
      .trim();
  } catch {
    return 'unknown';
  }
}

/** The machine in one line, so that readers can judge the numbers. */
export function describeMachine(): string {
  const system = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
  const [cpu] = cpus();
  return [
    `${cpus().length} × ${cpu?.model.trim() ?? 'CPU'}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system,
    `NGINX ${readNginxVersion()}`,
    `Node ${process.version}`,
  ].join(' · ');
}
