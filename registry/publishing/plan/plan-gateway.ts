import type { PlannedGateway } from './route-plan.ts';

/** The settings that the gateway's own part of the configuration depends on. */
export interface GatewaySettings {
  /** Absent: every IPv4 address. */
  gatewayHost?: string;
  gatewayPort: number;
  tls: { port: number } | null;
  gatewayUrl: string;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  hstsMaxAgeS: number;
  acmeWebroot: string;
  trustedProxies: readonly string[];
  registryHost: string;
  registryPort: number;
  maxBodyBytes: number;
  connectionsPerAddress: number;
  drainTimeoutS: number;
  nginxWorkers: number;
  hasMeta?: boolean;
}

export interface GatewayFolders {
  accessDir: string;
  logDir: string;
  runDir: string;
}

function sortUnique(values: readonly string[]): string[] {
  return [...new Set(values.map((value) => value.toLowerCase()))].sort();
}

/** Where NGINX reaches the registry: a registry that listens on every address is reached on loopback. */
function locateRegistry(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '') return `127.0.0.1:${port}`;
  if (host === '::' || host === '[::]') return `[::1]:${port}`;
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

const EVERY_IPV4 = '0.0.0.0';
const LOOPBACK = '127.0.0.1';

/** Addresses to listen on. Loopback is always included: the registry and the gateway's own checks connect from there. */
function listAddresses(host: string): string[] {
  const written = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  if (written === '[::]') return [EVERY_IPV4, '[::]'];
  return written === LOOPBACK ? [LOOPBACK] : [LOOPBACK, written];
}

function planListen({ gatewayHost = EVERY_IPV4, gatewayPort, tls }: GatewaySettings): PlannedGateway['listen'] {
  if (gatewayHost === EVERY_IPV4) return undefined;
  const at = (port: number) => listAddresses(gatewayHost).map((address) => `${address}:${port}`);
  return { plain: at(gatewayPort), tls: tls === null ? [] : at(tls.port) };
}

/** The gateway's own part of a plan: ports, accepted names and origins, limits, folders; its certificates are read later. */
export function planGateway(settings: GatewaySettings, folders: GatewayFolders): PlannedGateway {
  const { hostname, origin } = new URL(settings.gatewayUrl);
  const listen = planListen(settings);
  return {
    port: settings.gatewayPort,
    ...(listen !== undefined && { listen }),
    tls: settings.tls && { port: settings.tls.port, url: settings.gatewayUrl, certificates: [] },
    hosts: sortUnique([hostname, ...settings.allowedHosts]),
    origins: sortUnique([origin, ...settings.allowedOrigins]),
    ...(settings.gatewayUrl.startsWith('https:') && { hstsMaxAgeS: settings.hstsMaxAgeS }),
    acmeWebroot: settings.acmeWebroot,
    trustedProxies: settings.trustedProxies,
    maxBodyBytes: settings.maxBodyBytes,
    connectionsPerAddress: settings.connectionsPerAddress,
    drainTimeoutS: settings.drainTimeoutS,
    registry: locateRegistry(settings.registryHost, settings.registryPort),
    ...folders,
    workers: settings.nginxWorkers,
    hasMeta: settings.hasMeta ?? false,
  };
}
