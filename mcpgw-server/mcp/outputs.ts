import {
  serverChange,
  serverView,
  toolApproval,
  toolsView,
  type ServerChange,
  type ServerView,
  type Tool,
  type ToolView,
} from '@mcpgw/registry/contract';
import { z } from 'zod';

/** A server in lists. */
export const serviceSummary = z.object({
  service_path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  status: serverView.shape.status,
  num_tools: z.int(),
  error: z.string().nullable(),
  gateway_url: z.string().describe('URL for agents.'),
});
/** All fields of a server; contains no secrets. */
export const serviceDetails = serverView.extend({ metadata: z.record(z.string(), z.unknown()) });

export const serviceChange = serviceSummary.extend({
  applied: z.boolean().describe('The change is live in NGINX (verified).'),
  warnings: z.array(z.string()).describe('Settings that work but may not be intended.'),
  generation: z.int().nullable(),
});

/** A tool as listed by its server; untrusted text. */
export const listedTool = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

/** Review status of a tool: read it before calling the tool. */
export const toolReview = z.object({
  callable: z.boolean().describe('false: the tool is new or changed and not approved yet; calls are refused.'),
  approval: toolApproval.describe('unlocked: its server is not locked; added, changed: it waits for approval.'),
  warnings: z.array(z.string()).describe('Text of the tool that looks like prompt injection.'),
});

export const changeResponse = serverChange;
export const listResponse = z.object({ items: z.array(serverView), nextCursor: z.string().optional() });
export const toolsResponse = toolsView.pick({ tools: true, malformed: true });

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
  return { ...toSummary(change), applied: change.applied, warnings: change.warnings, generation: change.generation };
}

export function describeService(service: z.output<typeof serviceSummary>): string {
  const error = service.error === null ? '' : ` (${service.error})`;
  return `${service.service_path}: ${service.status}, ${service.num_tools} tools, ${service.gateway_url}${error}`;
}

export function describeChange(action: string, change: z.output<typeof serviceChange>): string {
  const live = change.applied ? 'Live in NGINX.' : 'Saved, but not live in NGINX yet.';
  return [`${action} ${live}`, describeService(change), ...change.warnings.map((text) => `Warning: ${text}`)].join(
    '\n',
  );
}

export function describeTool(listed: Pick<Tool, 'name' | 'title' | 'description'>): string {
  return `${listed.name}: ${(listed.description ?? listed.title ?? '').split('\n')[0]?.slice(0, 300) ?? ''}`;
}

export function toReview({
  callable,
  approval,
  findings,
}: Pick<ToolView, 'callable' | 'approval' | 'findings'>): z.output<typeof toolReview> {
  const warnings = findings.map(({ severity, field, message }) => `${severity} in ${field}: ${message}`);
  return { callable, approval, warnings };
}

/** A line about a tool with its review status and, below it, the warnings. */
export function describeReviewed(line: string, { callable, approval, warnings }: z.output<typeof toolReview>): string {
  const unapproved = approval === 'added' || approval === 'changed';
  const status = !callable ? ' [blocked until approved]' : unapproved ? ` [${approval}, not approved]` : '';
  return [`${line}${status}`, ...warnings].join('\n  ');
}
