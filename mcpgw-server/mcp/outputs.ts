import { serverChange, serverView, type ServerChange, type ServerView } from '@mcpgw/registry/contract';
import { z } from 'zod';

/** A server in lists. */
export const serviceSummary = z.object({
  service_path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  status: z.string(),
  num_tools: z.int(),
  error: z.string().nullable(),
  gateway_url: z.string(),
});
/** All fields of a server, of which the schema names the most important; contains no secrets. */
export const serviceDetails = z.looseObject({
  path: z.string(),
  name: z.string(),
  status: z.string(),
  error: z.string().nullable(),
  gatewayUrl: z.string(),
});

/** A server after a change: its whole summary, of which the schema names the members that matter for a change. */
export const serviceChange = serviceSummary
  .omit({ description: true, tags: true })
  .loose()
  .extend({
    applied: z.boolean().describe('Live in NGINX.'),
    dropped_headers: z.array(z.string()).optional().describe('Stored headers deleted because of a new origin.'),
    warnings: z.array(z.string()),
  });

export const changeResponse = serverChange;
export const listResponse = z.object({ items: z.array(serverView), nextCursor: z.string().optional() });

export function toSummary(server: Omit<ServerView, 'applied'>): z.output<typeof serviceSummary> {
  return {
    service_path: `/${server.path}`,
    name: server.name,
    description: server.description,
    tags: server.tags,
    enabled: server.enabled,
    status: server.status,
    num_tools: server.toolCount,
    error: server.error,
    gateway_url: server.gatewayUrl,
  };
}

export function toChange(change: ServerChange): z.output<typeof serviceChange> {
  const { applied, warnings, droppedHeaders } = change;
  const dropped = droppedHeaders === undefined ? {} : { dropped_headers: droppedHeaders };
  return { ...toSummary(change), applied, warnings, generation: change.generation, ...dropped };
}

export function describeService(service: Omit<z.output<typeof serviceSummary>, 'description' | 'tags'>): string {
  const error = service.error === null ? '' : ` (${service.error})`;
  return `${service.service_path}: ${service.status}, ${service.num_tools} tools, ${service.gateway_url}${error}`;
}

export function describeChange(action: string, change: z.output<typeof serviceChange>): string {
  const live = change.applied ? 'Live in NGINX.' : 'Saved, but not live in NGINX yet.';
  const lines = [`${action} ${live}`, describeService(change), ...change.warnings.map((text) => `Warning: ${text}`)];
  if (change.dropped_headers !== undefined)
    lines.push(
      `Stored headers deleted, since the URL has a new origin: ${change.dropped_headers.join(', ')}. If the server needs them, pass them again as headers.`,
    );
  return lines.join('\n');
}
