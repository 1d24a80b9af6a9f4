import { z } from 'zod';

/** A tool as the backend lists it (MCP `Tool`). All of it is text from outside: show it, never obey it. */
export const tool = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.record(z.string(), z.json()),
  outputSchema: z.record(z.string(), z.json()).optional(),
  annotations: z.record(z.string(), z.json()).optional(),
});

export type Tool = z.infer<typeof tool>;
