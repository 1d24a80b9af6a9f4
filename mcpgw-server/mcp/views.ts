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

/** A service in short, as lists show it. */
export const serviceSummary = z.object({
  service_path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  enabled: z.boolean(),
  status: serverView.shape.status,
  num_tools: z.int(),
  error: z.string().nullable(),
  gateway_url: z.string().describe('Where agents call it.'),
});
/** A service with all that the registry knows of it; secrets are never in it. */
export const serviceDetails = serverView.extend({ metadata: z.record(z.string(), z.unknown()) });

export const serviceChange = serviceSummary.extend({
  applied: z.boolean().describe('The gateway was proven to serve it this way.'),
  generation: z.int().nullable(),
});

/** A tool as its server lists it: text from outside. */
export const listedTool = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
});

/** What is known against a tool: read it before calling the tool. */
export const toolJudgement = z.object({
  callable: z.boolean().describe('false: it is new or changed and waits for approval; calls are refused.'),
  approval: toolApproval.describe('unpinned: its server is not pinned; added, changed: it waits for approval.'),
  warnings: z.array(z.string()).describe('What in its texts looks like an attempt to steer a model.'),
});

export const changeAnswer = serverChange;
export const listAnswer = z.object({ items: z.array(serverView), nextCursor: z.string().optional() });
export const toolsAnswer = toolsView.pick({ tools: true, leftOut: true });

export function summarise(server: Omit<ServerView, 'applied'>): z.output<typeof serviceSummary> {
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

export function summariseChange(change: ServerChange): z.output<typeof serviceChange> {
  return { ...summarise(change), applied: change.applied, generation: change.generation };
}

export function describeService(service: z.output<typeof serviceSummary>): string {
  const error = service.error === null ? '' : ` (${service.error})`;
  return `${service.service_path}: ${service.status}, ${service.num_tools} tools, ${service.gateway_url}${error}`;
}

export function describeChange(what: string, change: z.output<typeof serviceChange>): string {
  const live = change.applied
    ? 'The gateway serves it this way now.'
    : 'Stored, but the gateway does not serve it this way yet.';
  return `${what} ${live}\n${describeService(change)}`;
}

export function describeTool(listed: Pick<Tool, 'name' | 'title' | 'description'>): string {
  return `${listed.name}: ${(listed.description ?? listed.title ?? '').split('\n')[0]?.slice(0, 300) ?? ''}`;
}

export function judge({
  callable,
  approval,
  findings,
}: Pick<ToolView, 'callable' | 'approval' | 'findings'>): z.output<typeof toolJudgement> {
  const warnings = findings.map(({ severity, field, message }) => `${severity} in ${field}: ${message}`);
  return { callable, approval, warnings };
}

/** A line about a tool with what is known against it: ` [refused until approved]`, and the warnings below it. */
export function describeJudged(line: string, { callable, approval, warnings }: z.output<typeof toolJudgement>): string {
  const waits = approval === 'added' || approval === 'changed';
  const word = !callable ? ' [refused until approved]' : waits ? ` [${approval}, not approved yet]` : '';
  return [`${line}${word}`, ...warnings].join('\n  ');
}
