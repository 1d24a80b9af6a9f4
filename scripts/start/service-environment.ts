import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../registry/settings/settings.ts';

/** The Node that is installed with mcpgw; if npm installed mcpgw, the Node that runs this. */
function chooseNode(root: string): string {
  const own = join(root, 'node_modules/.bin/node');
  return existsSync(own) ? own : process.execPath;
}

/** Files with secrets of the gateway or of its callers: hidden from confined programs. */
function listOwnFiles({ dataDir, logDir, databaseFile, config, tls, callStore }: Settings): string[] {
  // A setting may be the key itself.
  const keys = (tls?.sources ?? []).map(({ key }) => key).filter((key) => key.startsWith('/'));
  const calls = callStore !== null && callStore.kind !== 'stdout' ? [callStore.file] : [];
  return [dataDir, logDir, databaseFile, ...(config.file === null ? [] : [config.file]), ...keys, ...calls];
}

/** The variables that scripts/services/ read in addition to the settings, for scripts/start.sh and createGateway. */
export function serviceEnvironment(root: string, settings: Settings, demoPort = 0): Record<string, string> {
  return {
    HOME: settings.dataDir,
    MCPGW_ROOT: root,
    MCPGW_NODE: chooseNode(root),
    MCPGW_DATA_DIR: settings.dataDir,
    MCPGW_LOG_DIR: settings.logDir,
    MCPGW_NGINX_BIN: settings.nginxBin,
    MCPGW_DEMO_PORT: String(demoPort),
    // If no program may be registered, mcpgw-server is the bridge too.
    MCPGW_BRIDGE_INSIDE: settings.allowsPrograms ? 'no' : 'yes',
    MCPGW_OWN_FILES: listOwnFiles(settings).join('\n'),
    MCPGW_BRIDGE_MAX_PROCESSES: String(settings.bridgeMaxProcesses),
    MCPGW_GATEWAY_URL: settings.gatewayUrl,
    MCPGW_ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
  };
}

/** The services of a gateway, by the names of scripts/services/. */
export function listServiceNames({ allowsPrograms }: Settings): string[] {
  return ['registry', 'nginx', 'mcpgw-server', ...(allowsPrograms ? ['bridge'] : [])];
}
