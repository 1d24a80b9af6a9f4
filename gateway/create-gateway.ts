import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { requestLocal, type LocalAddress } from './request-local.ts';
import type { Gateway, GatewayOptions } from './options.ts';
import { prepareGateway, type Prepared } from './prepare-gateway.ts';
import { runProcess, type GatewayProcess } from './run-process.ts';

const ROOT = process.env['MCPGW_ROOT'] ?? join(import.meta.dirname, '..');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function startProcesses({ env, become, dataDir, services, lock }: Prepared): GatewayProcess[] {
  // Each in its own folder, created by the user that it runs as.
  const enter = 'umask 077 && mkdir -p "$0" && cd "$0" && exec "$1"';
  return services.map((name) => {
    const script = join(ROOT, 'scripts/services', `${name}.sh`);
    const command = [...become, 'sh', '-c', enter, join(dataDir, 'embedded', name), script];
    return runProcess({ name, env, command, inherits: lock.file });
  });
}

/** Waits until the gateway is ready. Throws when a process ends first, or when `until` has passed. */
async function waitUntilReady(url: string, processes: readonly GatewayProcess[], until: number): Promise<void> {
  for (;;) {
    const ended = processes.find((one) => !one.isRunning());
    if (ended !== undefined) throw new Error(`createGateway: ${ended.name} ended:\n${ended.output()}`);
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (response?.status === 200) return;
    if (Date.now() > until) {
      const outputs = processes.map((one) => `${one.name}: ${one.output()}`).join('\n');
      throw new Error(
        `createGateway: it did not become ready; ${response === null ? '' : await response.text()}\n${outputs}`,
      );
    }
    await pause(50);
  }
}

/** Reads and deletes the key that the first start wrote; null when this was not the first start. */
function takeFirstKey(dataDir: string): string | null {
  const file = join(dataDir, 'first-login.txt');
  try {
    const key = /^key: (\S+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? null;
    rmSync(file);
    return key;
  } catch {
    return null;
  }
}

/** Throws with the problems of the configuration when it was not applied. */
async function requireConfiguration(local: LocalAddress, admin: { username: string; password: string }): Promise<void> {
  const { cookie } = await requestLocal(local, { method: 'POST', path: '/api/session', body: admin });
  const { body } = await requestLocal(local, { method: 'GET', path: '/api/config', cookie });
  const { state, file, problems } = body as {
    state: string;
    file: string;
    problems: { field: string; message: string; line?: number; column?: number }[];
  };
  await requestLocal(local, { method: 'DELETE', path: '/api/session', cookie });
  if (state === 'applied') return;
  const lines = problems.map(
    ({ field, message, line, column }) => `${file}:${line ?? 1}:${column ?? 1}: ${field}: ${message}`,
  );
  throw new Error(`createGateway: the configuration was not applied:\n${lines.join('\n')}`);
}

/**
 * Starts a whole gateway, NGINX included, and waits until it serves its configuration. All its processes end with `stop`, and with this process.
 * It runs on Linux, from a built checkout or an installation. Throws when it does not start; everything has been cleaned up by then.
 */
export async function createGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const prepared = await prepareGateway(ROOT, options);
  const { dataDir, folder, port, password, env } = prepared;
  const url = `http://127.0.0.1:${port}`;
  const processes = startProcesses(prepared);
  let stopped: Promise<void> | undefined;
  // Only once: the descriptor and the process ids may belong to something else later.
  const stop = () => (stopped ??= end());
  const end = async () => {
    // NGINX first: clients see a closed connection instead of servers that disappear one by one.
    for (const name of ['nginx', 'bridge', 'mcpgw-server', 'registry'])
      await processes.find((one) => one.name === name)?.stop();
    prepared.lock.release();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(url, processes, Date.now() + (options.startTimeoutMs ?? 60_000));
    const admin = password === null ? null : { username: env['ADMIN_USER'] ?? 'admin', password };
    if (admin !== null) await requireConfiguration(prepared.local, admin);
    return {
      ...{ url, admin, dataDir, stop, key: takeFirstKey(dataDir) },
      pids: processes.map(({ pid }) => pid),
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts a gateway from a configuration file (JSON or YAML). Throws what `createGateway` throws. */
export function fromFile(file: string, options: Omit<GatewayOptions, 'config' | 'servers'> = {}): Promise<Gateway> {
  return createGateway({ ...options, config: file });
}
