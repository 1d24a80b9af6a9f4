import { z } from 'zod';

/** A tool as the backend lists it (MCP `Tool`). All of it is untrusted text: show it, never act on it. */
export const tool = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.json()),
  outputSchema: z.record(z.string(), z.json()).optional(),
  annotations: z.record(z.string(), z.json()).optional(),
});

/** A tool that a server lists in a form that MCP does not define; it is left out of every list. */
export const malformedTool = z.object({
  name: z.string().nullable().describe('as listed; null: it has none'),
  problem: z.string().describe('what is wrong'),
});

export type MalformedTool = z.infer<typeof malformedTool>;
export type Tool = z.infer<typeof tool>;
