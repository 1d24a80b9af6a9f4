import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findPortHolder } from '../../start/ports/port-holder.ts';
import { checkPorts, listListenPorts } from '../../start/ports/check-ports.ts';
import { readDeaths, readLogTail } from '../../start/supervise/service-folders.ts';
import { error, type Check, type Facts } from '../finding.ts';

const CONNECT_MS = 2_000;
const SERVICES = ['registry', 'nginx', 'mcpgw-server', 'bridge'] as const;
const MANY_DEATHS = 3;

function canConnect(at: { port: number; host?: string } | { path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...at, timeout: CONNECT_MS } as never);
    const end = (connected: boolean) => () => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}

/** While the gateway is stopped, checks that its ports are free. */
export const checkFreePorts: Check = async ({ settings, pid }) => {
  if (pid !== null) return [];
  try {
    await checkPorts(listListenPorts(settings));
    return [];
  } catch (thrown) {
    const holder = findPortHolder(settings.gatewayPort);
    const hint =
      holder === null ? 'Stop it, or choose another port.' : `Stop it ("kill ${holder.pid}"), or choose another port.`;
    return (thrown as Error).message.split('\nmcpgw: ').map((message) => error(message, hint));
  }
};

/** Checks that the data folder is not held by services of a killed start. */
export const checkLock: Check = ({ settings: { dataDir }, pid, proc }) => {
  if (pid === null || existsSync(join(proc, String(pid)))) return [];
  const file = join(dataDir, 'gateway.pid');
  return [
    error(
      `the start that held ${dataDir} (pid ${pid}) is gone, but services of it are still running`,
      `They end automatically within 10 s; else find them with "fuser -v ${file}" and end s6-svscan first.`,
    ),
  ];
};

function tail({ settings: { logDir } }: Facts, service: string): string {
  return `The end of its log:\n${readLogTail(logDir, service, 5)}\n("mcpgw logs ${service}" shows more)`;
}

/** While the gateway runs, checks that its processes respond and stay alive. */
export const checkServices: Check = async (facts) => {
  const { settings, pid } = facts;
  if (pid === null) return [];
  const { dataDir, gatewayPort, registryPort, registryHost, allowsPrograms } = settings;
  const findings = [];
  if (!(await canConnect({ port: gatewayPort })))
    findings.push(error(`NGINX does not answer at port ${gatewayPort}`, tail(facts, 'nginx')));
  if (registryPort !== 0 && !(await canConnect({ port: registryPort, host: registryHost })))
    findings.push(
      error(
        `the registry does not answer at ${registryHost}:${registryPort}; agents keep working, changes and the UI wait`,
        tail(facts, 'registry'),
      ),
    );
  const bridge = join(dataDir, 'run/bridge.sock');
  if (allowsPrograms && !(existsSync(bridge) && statSync(bridge).isSocket() && (await canConnect({ path: bridge }))))
    findings.push(
      error('the bridge does not answer, so servers that are programs cannot be called', tail(facts, 'bridge')),
    );
  for (const service of SERVICES)
    if (readDeaths(dataDir, service).length >= MANY_DEATHS)
      findings.push(
        error(`${service} ended ${readDeaths(dataDir, service).length} times since the start`, tail(facts, service)),
      );
  return findings;
};
