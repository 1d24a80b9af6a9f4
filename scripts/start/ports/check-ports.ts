import { createServer } from 'node:net';
import type { Settings } from '../../../registry/settings/settings.ts';
import { findPortHolder } from './port-holder.ts';
import { StartError } from '../start-error.ts';

interface Wanted {
  setting: string;
  port: number;
  host: string;
}

/** Every port that the gateway will listen on, with the setting that changes it. */
export function listListenPorts(
  settings: Pick<Settings, 'gatewayPort' | 'registryPort' | 'registryHost'> & {
    tls: { port: number } | null;
    gatewayHost?: string;
  },
): Wanted[] {
  const host = (settings.gatewayHost ?? '0.0.0.0').replace(/^\[(.*)\]$/, '$1');
  return [
    { setting: 'GATEWAY_PORT', port: settings.gatewayPort, host },
    ...(settings.tls === null ? [] : [{ setting: 'GATEWAY_TLS_PORT', port: settings.tls.port, host }]),
    { setting: 'REGISTRY_PORT', port: settings.registryPort, host: settings.registryHost },
  ].filter(({ port }) => port !== 0);
}

function tryToListen({ port, host }: Wanted): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.close(() => {
        resolve(null);
      });
    });
  });
}

function explain({ setting, port, host }: Wanted, code: string): string {
  if (code === 'EADDRINUSE') {
    const holder = findPortHolder(port);
    const who =
      holder === null
        ? 'another process (of another user: run "ss -ltnp" as root to identify it)'
        : `pid ${holder.pid} (${holder.command})`;
    return `port ${port} (${setting}) is taken by ${who}; stop it or choose another port, for example ${setting}=${port + 1000 > 65_535 ? port - 1000 : port + 1000}`;
  }
  if (code === 'EACCES')
    return `port ${port} (${setting}) needs root, as every port below 1024; start as root or choose another, for example ${setting}=8080`;
  return `${host}:${port} (${setting}) cannot be bound: ${code}`;
}

/** Throws StartError if a port is taken, forbidden, or configured twice; one line for each. */
export async function checkPorts(wanted: Wanted[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, entry] of wanted.entries()) {
    const twin = wanted.slice(0, index).find((other) => other.port === entry.port);
    if (twin !== undefined) {
      problems.push(`${twin.setting} and ${entry.setting} are both ${entry.port}; each needs its own port`);
      continue;
    }
    const code = await tryToListen(entry);
    if (code !== null) problems.push(explain(entry, code));
  }
  if (problems.length > 0) throw new StartError(problems.join('\nmcpgw: '));
}
