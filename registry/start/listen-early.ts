import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { listen, type Listening } from '../http/index.ts';
import type { Settings } from '../settings/index.ts';

/** File in the run folder with the URL that the registry listens at, for programs that do not connect through NGINX. */
const REGISTRY_URL_FILE = 'registry.url';

/** Writes the URL that the registry listens at into the run folder. */
export function writeRegistryUrl(runDir: string, url: string): void {
  writeFileSync(join(runDir, REGISTRY_URL_FILE), `${url}\n`, { mode: 0o600 });
}

function readLastPort(dataDir: string): number {
  try {
    return Number(new URL(readFileSync(join(dataDir, 'run', REGISTRY_URL_FILE), 'utf8').trim()).port);
  } catch {
    return 0;
  }
}

/**
 * Listens before anything else is created, since NGINX's configuration contains the port. With REGISTRY_PORT 0 the port of the previous registry
 * is used if it is free: the configuration that NGINX serves stays valid when a registry is restarted. Throws RegistryError `unavailable`.
 */
export async function listenEarly(
  { dataDir, registryHost: host, registryPort }: Settings,
  answer: RequestListener,
): Promise<Listening & { port: number }> {
  const withPort = (listening: Listening) => ({ ...listening, port: (listening.server.address() as AddressInfo).port });
  const last = registryPort === 0 ? readLastPort(dataDir) : 0;
  if (last !== 0)
    try {
      return withPort(await listen(answer, { host, port: last }));
    } catch {
      // Another program has taken it in the meantime.
    }
  return withPort(await listen(answer, { host, port: registryPort }));
}
