import {
  ACCESS_VERSION,
  MANAGEMENT_PATH,
  type AgentFile,
  type GateFile,
  type KeyFile,
  type ServerFile,
} from '../contract/index.ts';
import type { StoredAgent, StoredKey } from '../store/agent-rows.ts';
import type { StoredServer } from '../store/server-rows.ts';

const v = ACCESS_VERSION;

function toEpochMs(moment: string | null): number | null {
  return moment === null ? null : Date.parse(moment);
}

function toText(content: AgentFile | GateFile | KeyFile | ServerFile): string {
  return `${JSON.stringify(content)}\n`;
}

/** The text of `agents/<name>.json`. */
export function renderAgent(agent: StoredAgent): string {
  return toText({
    v,
    enabled: agent.enabled,
    expiresAt: toEpochMs(agent.expiresAt),
    role: agent.role,
    grants: agent.grants,
  });
}

/** The text of `keys/<sha256>.json`. */
export function renderKey(key: StoredKey): string {
  return toText({ v, agent: key.agent, expiresAt: toEpochMs(key.expiresAt) });
}

/** The text of `servers/<id>.json`. An instance that is switched off is left out, so its sessions are told to begin anew. */
export function renderServer(
  server: StoredServer,
  credentials: Record<string, string>,
  allowedTools: string[] | null,
): string {
  return toText({
    v,
    state: server.enabled ? 'on' : 'off',
    tools: allowedTools,
    instances: server.instances
      .filter((instance) => instance.enabled)
      .map(({ id, up, weight, query }) => ({ id, up, weight, ...(query !== '' && { query }) })),
    credentials,
    ...(server.path === MANAGEMENT_PATH && { passKey: true }),
  });
}

/** The text of `gate.json`. */
export function renderGate(drain: boolean, sessionKey: Buffer): string {
  return toText({ v, drain, killed: null, sessionKey: sessionKey.toString('base64url') });
}
