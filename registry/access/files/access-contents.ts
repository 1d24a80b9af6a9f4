import {
  ACCESS_VERSION,
  isBridged,
  MANAGEMENT_PATH,
  META_SERVER_ID,
  type GateFile,
  type KeyFile,
  type Recording,
  type ServerFile,
} from '../../contract/index.ts';
import { compileGrants } from '../grants/compile-grants.ts';
import { listGrants, type GroupsByName } from '../grants/list-grants.ts';
import { compileLimits, compileZone } from '../limits/compile-limits.ts';
import type { LimitsByTarget } from '../limits/read-limits.ts';
import type { StoredAgent, StoredKey, StoredLimits, StoredServer } from '../../store/index.ts';

const v = ACCESS_VERSION;

function toText(content: GateFile | KeyFile | ServerFile): string {
  return `${JSON.stringify(content)}\n`;
}

/** The limits of an agent as its key files contain them. */
function renderLimits(agent: StoredAgent, limits: LimitsByTarget, year: number): Pick<KeyFile, 'limits' | 'offsets'> {
  const own = limits.get(`agent ${agent.name}`);
  const ofGroups = agent.groups.toSorted().flatMap((name) => compileLimits(limits.get(`group ${name}`), name, year));
  const rules = [...compileLimits(own, agent.name, year), ...ofGroups];
  const offsets = own && compileZone(own.zone, year);
  return { ...(rules.length > 0 && { limits: rules }), ...(offsets !== undefined && { offsets }) };
}

interface KeyContents {
  agent: StoredAgent;
  key: StoredKey;
  /** At least those of the agent. */
  groups: GroupsByName;
  limits: LimitsByTarget;
  sessionKey: Buffer;
  killed: string | undefined;
}

/** The text of `keys/<sha256>.json` for a key of this agent. */
export function renderKey({ agent, key, groups, limits, sessionKey, killed }: KeyContents): string {
  const year = new Date().getUTCFullYear();
  const grants = listGrants(agent, groups).map(({ grant }) => grant);
  return toText({
    v,
    agent: agent.name,
    id: key.id,
    enabled: agent.enabled,
    grants: compileGrants(grants, year),
    ...(key.servers !== null && { servers: key.servers }),
    sessionKey: sessionKey.toString('base64url'),
    ...(agent.toolList !== 'auto' && { toolList: agent.toolList }),
    ...(killed !== undefined && { killed }),
    ...renderLimits(agent, limits, year),
    ...(key.expiresAt !== null && { expiresAt: Date.parse(key.expiresAt) }),
    ...(agent.expiresAt !== null && { agentExpiresAt: Date.parse(agent.expiresAt) }),
  });
}

/**
 * The instances that get requests. A disabled one gets none, and its sessions must be initialised again. Where a tool lock blocks, an
 * instance that never listed its tools gets none either if others did: nobody approved what it offers.
 */
function listInstances({ instances }: StoredServer, isEnforced: boolean): StoredServer['instances'] {
  const enabled = instances.filter((instance) => instance.enabled);
  const known = enabled.filter(({ toolsHash }) => toolsHash !== null);
  return isEnforced && known.length > 0 ? known : enabled;
}

/** What is known of a server's tools, as far as access to them depends on it. */
export interface ToolFacts {
  /** Tools that may be called at all, with the hash of their approved definition; null: any. For tool locks. */
  allowed: Record<string, string> | null;
  /** Names of the tools that are listed as read-only. */
  readOnly: string[];
}

/** The text of `servers/<id>.json`. */
export function renderServer(
  server: StoredServer,
  credentials: Record<string, string>,
  tools: ToolFacts,
  killed: string | undefined,
  limits?: StoredLimits,
  recording?: Recording,
): string {
  const rules = compileLimits(limits, server.path, new Date().getUTCFullYear());
  const atBridge = isBridged(server);
  const isRecorded = recording !== undefined && (recording.toolErrors || recording.arguments || recording.results);
  return toText({
    v,
    state: server.enabled ? 'on' : 'off',
    ...(killed !== undefined && { killed }),
    tools: tools.allowed,
    ...(server.tags.length > 0 && { tags: server.tags }),
    ...(tools.readOnly.length > 0 && { readOnly: tools.readOnly }),
    instances: listInstances(server, tools.allowed !== null).map(({ id, up, weight, query }) => ({
      id,
      up,
      ...(weight !== 1 && { weight }),
      ...(query !== '' && !atBridge && { query }),
    })),
    // The bridge has the credentials of what it serves, and needs the caller's own to distinguish callers.
    ...(Object.keys(credentials).length > 0 && !atBridge && { credentials }),
    ...(server.forwardHeaders.length > 0 && { forwardHeaders: server.forwardHeaders }),
    ...(rules.length > 0 && { limits: rules }),
    ...((server.path === MANAGEMENT_PATH || atBridge) && { passKey: true }),
    ...(server.transport === 'virtual' && { virtual: true as const }),
    ...(isRecorded && { recording }),
  });
}

/** The text of `servers/meta.json`: the meta endpoint, which sends its calls with the caller's key. */
export function renderMeta(): string {
  return toText({ v, state: 'on', tools: null, instances: [{ id: META_SERVER_ID, up: true }], passKey: true });
}

/** The text of `gate.json`. */
export function renderGate(drain: boolean, sessionKey: Buffer, killed: string | undefined): string {
  return toText({ v, drain, killed: killed ?? null, sessionKey: sessionKey.toString('base64url') });
}
