import { toolApproval, toolHit, type ToolHit } from '@mcpgw/registry/contract';
import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
/** Characters of the description of one tool; the whole description is returned with schemas. */
const MAX_DESCRIPTION = 300;

/** A tool as listed by its server (untrusted text), and its review status: read that before calling the tool. */
export const shownTool = z.object({
  service_path: z.string(),
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: schema.optional(),
  outputSchema: schema.optional(),
  annotations: schema.optional(),
  callable: z.boolean().describe('false: calls are refused until it is approved.'),
  approval: toolApproval,
  warnings: z.array(z.string()).describe('Signs of prompt injection.'),
});

export const hitsResponse = z.object({ items: z.array(toolHit), nextCursor: z.string().optional() });

/** The tool of a hit, complete with its schemas, else shortened. */
export function showTool(hit: ToolHit, withSchemas: boolean): z.output<typeof shownTool> {
  const { server, tool, findings, callable, approval } = hit;
  const { name, title, description, inputSchema, outputSchema, annotations } = tool;
  const warnings = findings.map(({ severity, field, message }) => `${severity} in ${field}: ${message}`);
  const short = { service_path: `/${server}`, name, title, annotations, callable, approval, warnings };
  return withSchemas
    ? { ...short, description, inputSchema, outputSchema }
    : { ...short, description: description?.slice(0, MAX_DESCRIPTION) };
}

/** A line about a tool: its name and the first line of what it does. */
export function describeTool(listed: {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
}): string {
  const [first = ''] = (listed.description ?? listed.title ?? '').split('\n');
  return `${listed.name}: ${first.slice(0, MAX_DESCRIPTION)}`;
}

/** A line about a tool with its review status and, below it, the warnings. */
export function describeReviewed(
  line: string,
  { callable, approval, warnings }: Pick<z.output<typeof shownTool>, 'callable' | 'approval' | 'warnings'>,
): string {
  const unapproved = approval === 'added' || approval === 'changed';
  const status = !callable ? ' [blocked until approved]' : unapproved ? ` [${approval}, not approved]` : '';
  return [`${line}${status}`, ...warnings].join('\n  ');
}
