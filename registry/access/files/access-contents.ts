import { ACCESS_VERSION, MANAGEMENT_PATH, type GateFile, type KeyFile, type ServerFile } from '../../contract/index.ts';
import type { StoredAgent, StoredKey, StoredServer } from '../../store/index.ts';

const v = ACCESS_VERSION;

function toText(content: GateFile | KeyFile | ServerFile): string {
  return `${JSON.stringify(content)}\n`;
}

/** The text of `keys/<sha256>.json` for a key of this agent. */
export function renderKey(agent: StoredAgent, key: StoredKey, sessionKey: Buffer): string {
  return toText({
    v,
    agent: agent.name,
    enabled: agent.enabled,
    grants: agent.grants.map(({ server, tools }) => ({ server, tools })),
    sessionKey: sessionKey.toString('base64url'),
    ...(key.expiresAt !== null && { expiresAt: Date.parse(key.expiresAt) }),
    ...(agent.expiresAt !== null && { agentExpiresAt: Date.parse(agent.expiresAt) }),
  });
}

/**
 * The instances that get requests. One that is switched off gets none, and its sessions must be initialised again; nor does, where a tool lock
 * enforces, one that never listed its tools beside others that did: what it offers was approved by nobody.
 */
function listInstances({ instances }: StoredServer, isEnforced: boolean): StoredServer['instances'] {
  const enabled = instances.filter((instance) => instance.enabled);
  const known = enabled.filter(({ toolsHash }) => toolsHash !== null);
  return isEnforced && known.length > 0 ? known : enabled;
}

/** The text of `servers/<id>.json`. */
export function renderServer(
  server: StoredServer,
  credentials: Record<string, string>,
  allowedTools: string[] | null,
): string {
  return toText({
    v,
    state: server.enabled ? 'on' : 'off',
    tools: allowedTools,
    instances: listInstances(server, allowedTools !== null).map(({ id, up, weight, query }) => ({
      id,
      up,
      ...(weight !== 1 && { weight }),
      ...(query !== '' && { query }),
    })),
    ...(Object.keys(credentials).length > 0 && { credentials }),
    ...(server.forwardHeaders.length > 0 && { forwardHeaders: server.forwardHeaders }),
    ...(server.path === MANAGEMENT_PATH && { passKey: true }),
  });
}

/** The text of `gate.json`. */
export function renderGate(drain: boolean, sessionKey: Buffer): string {
  return toText({ v, drain, killed: null, sessionKey: sessionKey.toString('base64url') });
}
