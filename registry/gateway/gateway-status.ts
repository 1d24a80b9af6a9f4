import type { GatewayView, ProcessView, SettingInForce, SettingsView } from '../contract/index.ts';
import { pingProcess } from './ping-process.ts';

/** What the gateway consists of and with what settings it runs. */
export interface GatewayStatus {
  view(): Promise<GatewayView>;
}

interface GatewayStatusDeps {
  publisher: {
    nginx(): Promise<{ version: string | null; pid: number | null }>;
    rollbackInForce(): Promise<GatewayView['rollback']>;
  };
  settings: { view(): Promise<SettingsView> };
  /** Where the other programs listen; null: not needed with these settings. */
  sockets: Record<'mcpgw-server' | 'bridge', string | null>;
  inForce: readonly SettingInForce[];
  gatewayUrl: string;
  version: string;
}

const MB = 1024 * 1024;

async function viewProgram(name: 'mcpgw-server' | 'bridge', socket: string | null): Promise<ProcessView> {
  const unknown = { name, pid: null, startedAt: null, memoryMb: null };
  if (socket === null)
    return { ...unknown, state: 'off', latencyMs: null, detail: 'not started: STDIO_COMMANDS is deny' };
  const answer = await pingProcess(socket);
  return 'problem' in answer
    ? { ...unknown, state: 'down', latencyMs: null, detail: answer.problem }
    : { ...unknown, state: 'running', latencyMs: answer.ms, detail: null };
}

function viewRegistry(): ProcessView {
  return {
    name: 'registry',
    state: 'running',
    pid: process.pid,
    startedAt: new Date(Date.now() - process.uptime() * 1_000).toISOString(),
    memoryMb: Math.round(process.memoryUsage.rss() / MB),
    latencyMs: null,
    detail: null,
  };
}

/** The settings of the environment, with what was changed since in the database. */
function withStored(inForce: readonly SettingInForce[], stored: SettingsView): SettingInForce[] {
  const values: Record<string, string> = {
    HEALTH_CRON: stored.healthCron,
    HEALTH_TIMEOUT_MS: String(stored.healthTimeoutMs),
  };
  return inForce.map((setting) => {
    const value = values[setting.name];
    return value === undefined || value === setting.value ? setting : { ...setting, value, source: 'database' };
  });
}

/** Creates the status of the gateway; everything is read when it is viewed. */
export function createGatewayStatus(deps: GatewayStatusDeps): GatewayStatus {
  const { publisher, settings, sockets, inForce, gatewayUrl, version } = deps;
  return {
    async view() {
      const [nginx, management, bridge, stored, rollback] = await Promise.all([
        publisher.nginx(),
        viewProgram('mcpgw-server', sockets['mcpgw-server']),
        viewProgram('bridge', sockets.bridge),
        settings.view(),
        publisher.rollbackInForce(),
      ]);
      const isUp = nginx.pid !== null;
      const proxy: ProcessView = {
        ...{ name: 'nginx', pid: nginx.pid, startedAt: null, memoryMb: null, latencyMs: null },
        state: isUp ? 'running' : 'down',
        detail: isUp ? null : 'its pid file names no process',
      };
      return {
        gatewayUrl,
        versions: { mcpgw: version, nginx: nginx.version, node: process.versions.node },
        processes: [proxy, viewRegistry(), management, bridge],
        settings: withStored(inForce, stored),
        rollback,
      };
    },
  };
}
