import { z } from 'zod';

/**
 * Issues of a server's tools that need attention. A tool counts once: `blocked` (a tool lock refuses it), else `changed` (it waits for
 * approval, or was approved and is missing), else `flagged` (findings that nobody approved). `malformed` are tools that are left out.
 */
export const toolIssueKind = z.enum(['blocked', 'changed', 'flagged', 'malformed']);
export const toolIssue = z.object({
  kind: toolIssueKind,
  count: z.int().describe('of tools'),
  since: z.string().describe('when the first of them was found, ISO 8601'),
});

export type ToolIssueKind = z.infer<typeof toolIssueKind>;
export type ToolIssue = z.infer<typeof toolIssue>;
