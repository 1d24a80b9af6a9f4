import type { GatewayView, ProcessView, EffectiveSetting, SettingsView } from '../contract/index.ts';
import type { Log } from '../lib/log.ts';
import { pingProcess } from './ping-process.ts';
import { createFolderCheck, type Folder } from './problems/check-folder.ts';
import { createDeathReader } from './problems/deaths.ts';
import { listProblems, type GatewayFacts } from './problems/list-problems.ts';
import { createProblemWatch } from './problems/watch-problems.ts';

/** The processes, settings and problems of the gateway. */
export interface GatewayStatus {
  view(): Promise<GatewayView>;
  /** Checks for problems periodically from now on. */
  start(): void;
  close(): Promise<void>;
}

export interface GatewayStatusDeps {
  publisher: {
    progress(): { problem: string | null };
    nginx(): Promise<{ version: string | null; pid: number | null }>;
    rollbackInForce(): Promise<GatewayView['rollback']>;
    certificates(): GatewayView['certificates'];
  };
  settings: { view(): Promise<SettingsView> };
  /** Where the other programs listen; null: not needed with these settings. */
  sockets: Record<'mcpgw-server' | 'bridge', string | null>;
  inForce: readonly EffectiveSetting[];
  gatewayUrl: string;
  version: string;
  /** Access files that could not be written yet. */
  overdue: () => readonly string[];
  configFile: () => GatewayFacts['configFile'];
  folders: readonly Folder[];
  /** The folder of the services that s6 supervises. */
  superviseDir: string;
  /** Path of NGINX's error log. */
  errorLog: string;
  /** Called when the problems differ from before. */
  onProblems: () => void;
  log: Pick<Log, 'warn' | 'info'>;
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

/** The settings of the environment, with later changes from the database. */
function withStored(inForce: readonly EffectiveSetting[], stored: SettingsView): EffectiveSetting[] {
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
  const folderChecks = deps.folders.map((folder) => createFolderCheck(folder));
  const readDeaths = createDeathReader(deps);
  const problems = createProblemWatch({ findProblems, onChange: deps.onProblems, log: deps.log });

  async function viewProcesses() {
    const [nginx, management, bridge] = await Promise.all([
      publisher.nginx(),
      viewProgram('mcpgw-server', sockets['mcpgw-server']),
      viewProgram('bridge', sockets.bridge),
    ]);
    const isUp = nginx.pid !== null;
    const proxy: ProcessView = {
      ...{ name: 'nginx', pid: nginx.pid, startedAt: null, memoryMb: null, latencyMs: null },
      state: isUp ? 'running' : 'down',
      detail: isUp ? null : 'its pid file names no running process',
    };
    return { nginx, proxy, management, bridge };
  }

  async function findProblems() {
    const [{ proxy, management, bridge }, folders, deaths] = await Promise.all([
      viewProcesses(),
      Promise.all(folderChecks.map((check) => check())),
      readDeaths(Date.now()),
    ]);
    const why = ({ state, detail }: ProcessView) => (state === 'down' ? (detail ?? 'it does not answer') : null);
    return listProblems({
      processes: { nginx: why(proxy), 'mcpgw-server': why(management), bridge: why(bridge) },
      notPublished: publisher.progress().problem,
      overdue: deps.overdue(),
      configFile: deps.configFile(),
      folders,
      deaths,
    });
  }

  return {
    start: () => problems.start(),
    close: () => problems.close(),
    async view() {
      const [{ nginx, proxy, management, bridge }, stored, rollback, found] = await Promise.all([
        viewProcesses(),
        settings.view(),
        publisher.rollbackInForce(),
        problems.list(),
      ]);
      return {
        gatewayUrl,
        versions: { mcpgw: version, nginx: nginx.version, node: process.versions.node },
        processes: [proxy, viewRegistry(), management, bridge],
        problems: found,
        settings: withStored(inForce, stored),
        certificates: publisher.certificates(),
        rollback,
      };
    },
  };
}
