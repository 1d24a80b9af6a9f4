import {
  deriveStatus,
  snippetTransport,
  warnForwardHeader,
  type ConfigurationStatus,
  type ServerView,
  type ToolIssue,
} from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';

export interface Layers {
  observation: Observation | undefined;
  toolIssues: readonly ToolIssue[];
  configuration: ConfigurationStatus;
  /** Why it is rejected or pending, or null. */
  message: string | null;
  /** Whether the stored state has reached the gate. */
  isEnforced: boolean;
  /** Since when it is rejected, or null. */
  since: string | null;
  gatewayUrl: string;
}

function explain(layers: Layers): string | null {
  if (layers.configuration === 'rejected') return layers.message ?? 'NGINX does not accept it; see its configuration';
  if (!layers.isEnforced)
    return 'Stored, but the gate does not enforce it yet: its access file could not be written. Writing is retried; see Needs review for the reason';
  const { problem, remedy } = layers.observation ?? {};
  if (!problem) return null;
  return remedy ? `${problem}. ${remedy}` : problem;
}

/** A server as the API shows it: the three layers side by side, names of headers only, no query of any URL. */
export function showServer(server: StoredServer, layers: Layers): ServerView {
  const seen = layers.observation;
  const health = seen?.health ?? 'unknown';
  const endpoints = {
    mcp: server.instances.some((instance) => instance.enabled && Boolean(instance.endpoints?.mcp)),
    sse: server.instances.some((instance) => instance.enabled && Boolean(instance.endpoints?.sse)),
  };
  return {
    id: server.id,
    path: server.path,
    name: server.name,
    description: server.description,
    tags: server.tags,
    instances: server.instances.map(({ id, url, weight, enabled, up, endpoints }) => ({
      id,
      url,
      weight,
      enabled,
      up,
      endpoints,
    })),
    transport: server.transport,
    adapt: server.adapt === true,
    program: server.program && { ...server.program, env: server.envNames },
    ...(server.tools && { virtual: { version: server.toolsVersion ?? 1, tools: server.tools } }),
    openapi: server.openapi ?? null,
    enabled: server.enabled,
    headers: server.headerNames,
    forwardHeaders: server.forwardHeaders,
    hostMode: server.hostMode,
    timeouts: server.timeouts,
    tls: { ca: server.tls?.ca ?? null, certificate: server.tls?.certificate ?? null },
    license: server.license,
    stars: server.stars,
    metadata: server.metadata as ServerView['metadata'],
    managedBy: server.managedBy ?? null,
    configuration: layers.isEnforced ? layers.configuration : 'pending',
    rejectedSince: layers.since,
    health,
    healthSince: seen?.healthSince ?? null,
    status: deriveStatus({
      enabled: server.enabled,
      configuration: layers.configuration,
      health,
      isEnforced: layers.isEnforced,
    }),
    endpoints,
    era: seen?.era ?? null,
    protocolVersion: seen?.protocolVersion ?? null,
    toolCount: seen?.toolCount ?? 0,
    toolIssues: [...layers.toolIssues],
    lastCheckedAt: seen?.checkedAt ?? null,
    latencyMs: seen?.latencyMs ?? null,
    error: explain(layers),
    warnings: server.forwardHeaders.flatMap((name) => warnForwardHeader(name, server.headerNames) ?? []),
    gatewayUrl: `${layers.gatewayUrl}/${server.path}/${snippetTransport(endpoints) === 'sse' ? 'sse' : 'mcp'}`,
    createdAt: server.createdAt,
    updatedAt: server.updatedAt,
    removedAt: server.removedAt,
    revision: server.revision,
  };
}
