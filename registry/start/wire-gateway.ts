import { join } from 'node:path';
import { createExecute, type Execute } from '../execute/index.ts';
import { createGatewayStatus, type GatewayStatus } from '../gateway/index.ts';
import { BRIDGE_SOCKET, MANAGEMENT_SOCKET, type Publisher } from '../publishing/index.ts';
import type { Servers } from '../servers/index.ts';
import type { LiveSettings, Settings } from '../settings/index.ts';
import { VERSION } from '../lib/version.ts';

/** Calls through NGINX on the machine itself, for scripts that ask the registry to call. */
export function wireExecute({ gatewayUrl, tls, gatewayPort }: Settings, servers: Servers): Execute {
  const { protocol, host } = new URL(gatewayUrl);
  const scheme = tls === null ? 'http' : protocol.slice(0, -1);
  return createExecute({
    gateway: { origin: `${scheme}://127.0.0.1:${tls?.port ?? gatewayPort}`, host },
    find: (path) => servers.get(path),
  });
}

/** What the page Gateway shows: processes, versions and settings in force. */
export function wireGatewayStatus(
  settings: Settings,
  runDir: string,
  parts: { publisher: Publisher; liveSettings: LiveSettings },
): GatewayStatus {
  return createGatewayStatus({
    publisher: parts.publisher,
    settings: parts.liveSettings,
    sockets: {
      'mcpgw-server': join(runDir, MANAGEMENT_SOCKET),
      bridge: settings.allowsPrograms ? join(runDir, BRIDGE_SOCKET) : null,
    },
    inForce: settings.inForce,
    ...{ gatewayUrl: settings.gatewayUrl, version: VERSION },
  });
}
