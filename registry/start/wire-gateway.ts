import { join } from 'node:path';
import type { Access } from '../access/index.ts';
import type { Configuration } from '../configuration/index.ts';
import { createExecute, type Execute } from '../execute/index.ts';
import { createGatewayStatus, type GatewayStatus } from '../gateway/index.ts';
import type { Events } from '../lib/events.ts';
import type { Log } from '../lib/log.ts';
import { BRIDGE_SOCKET, MANAGEMENT_SOCKET, type Publisher } from '../publishing/index.ts';
import type { Servers } from '../servers/index.ts';
import type { LiveSettings, Settings } from '../settings/index.ts';
import { VERSION } from '../lib/version.ts';

/** Calls through NGINX on the machine itself, for scripts that call tools through the registry. */
export function wireExecute({ gatewayUrl, tls, gatewayPort }: Settings, servers: Servers): Execute {
  const { protocol, host } = new URL(gatewayUrl);
  const scheme = tls === null ? 'http' : protocol.slice(0, -1);
  return createExecute({
    gateway: { origin: `${scheme}://127.0.0.1:${tls?.port ?? gatewayPort}`, host },
    find: (path) => servers.get(path),
  });
}

interface GatewayParts {
  publisher: Publisher;
  liveSettings: LiveSettings;
  access: Access;
  configuration: Configuration;
  events: Events;
  log: Log;
}

/** What the page Gateway shows: processes, versions, effective settings, and what is wrong with them. */
export function wireGatewayStatus(settings: Settings, runDir: string, parts: GatewayParts): GatewayStatus {
  const { publisher, liveSettings, access, configuration, events, log } = parts;
  const { dataDir, logDir } = settings;
  return createGatewayStatus({
    publisher,
    settings: liveSettings,
    sockets: {
      'mcpgw-server': join(runDir, MANAGEMENT_SOCKET),
      bridge: settings.allowsPrograms ? join(runDir, BRIDGE_SOCKET) : null,
    },
    inForce: settings.inForce,
    ...{ gatewayUrl: settings.gatewayUrl, version: VERSION },
    overdue: () => access.files.overdue(),
    configFile: () => configuration.fileStatus(),
    folders: [
      {
        name: 'DATA_DIR',
        folder: dataDir,
        effect: 'Agents keep working, but no change can be stored, published or enforced',
      },
      { name: 'LOG_DIR', folder: logDir, effect: 'Agents keep working, but their calls are not recorded' },
    ],
    superviseDir: join(dataDir, 'supervise'),
    errorLog: join(logDir, 'error.log'),
    onProblems: () => events.emit('gateway.changed', {}),
    log,
  });
}
