import { z } from 'zod';
import { malformedTool, tool } from './tool.ts';

/** Something in the text of a tool that looks like an attempt to steer the model (tool poisoning). */
export const textFinding = z.object({
  rule: z.enum([
    'instruction',
    'secrecy',
    'secret-access',
    'other-tools',
    'exfiltration',
    'hidden-characters',
    'markup',
  ]),
  severity: z.enum(['warning', 'danger']),
  /** Which text: `description`, `title`, `inputSchema.properties.city.description` … */
  field: z.string(),
  /** Span in that text, in UTF-16 code units: `start` included, `end` not. */
  start: z.int(),
  end: z.int(),
  /** The span for display: invisible characters are escaped as \\u{…}. */
  text: z.string(),
  message: z.string(),
});

/** A description that was written as a docstring, split into sections. */
export const docstring = z.object({
  summary: z.string(),
  arguments: z.array(z.object({ name: z.string(), description: z.string() })),
  returns: z.string().nullable(),
  errors: z.array(z.object({ name: z.string(), description: z.string() })),
});

/** `unlocked`: its server is not locked. `added`, `changed`: it waits for approval. */
export const toolApproval = z.enum(['unlocked', 'approved', 'added', 'changed']);

/** A tool as it is shown: what the backend lists, split, scanned and compared with what was approved. */
export const toolView = tool.extend({
  hash: z.string().describe('of the whole definition; send it to approve this definition'),
  docs: docstring,
  findings: z.array(textFinding),
  others: z
    .array(z.object({ instances: z.array(z.string()), hash: z.string(), tool, findings: z.array(textFinding) }))
    .describe('other definitions of it, each with the URLs of the instances that list it; empty: all list it as here'),
  approval: toolApproval.describe('changed: on one instance at least'),
  /** The definition that was approved, when this one differs from it. */
  approved: tool.nullable(),
  callable: z
    .boolean()
    .describe('whether the gate lets it be called: false while a tool lock with `block` waits for approval of it'),
});

/** A tool found by a search over all servers: what it is, what is flagged in its texts, and whether it may be called. */
export const toolHit = z.object({
  server: z.string().describe('path'),
  tool,
  score: z.number().describe('higher is better; comparable within one response only'),
  ...toolView.pick({ findings: true, approval: true, callable: true }).shape,
});

export const toolLockMode = z.enum(['alert', 'block']);
export const toolLockView = z.object({
  mode: toolLockMode,
  lockedAt: z.string(),
  lockedBy: z.string(),
  /** Tools that wait for approval, and approved ones that the server no longer lists. */
  waiting: z.int(),
  missing: z.array(z.string()),
});
export const toolLockInput = z.strictObject({
  mode: toolLockMode.nullable().describe('alert: show changes; block: refuse changed tools too; null: unlock'),
});

/** What is approved: the named tools, or all that the server lists now. `hash` guards against approving what was not seen. */
export const approveInput = z.strictObject({
  tools: z
    .array(z.strictObject({ name: z.string().min(1).max(256), hash: z.string().max(100).optional() }))
    .min(1)
    .max(10_000)
    .optional(),
  snapshot: z.string().max(100).optional().describe('hash of the list that was reviewed'),
});

/** The tools of one server. */
export const toolsView = z.object({
  server: z.string(),
  snapshot: z.string().nullable().describe('content hash of the list'),
  takenAt: z.string().nullable(),
  toolLock: toolLockView.nullable(),
  tools: z.array(toolView),
  malformed: z
    .array(malformedTool.extend({ instances: z.array(z.string()) }))
    .describe('tools with an invalid definition, with the URLs of the instances that list them; `block` refuses them'),
});

export const toolChange = z.object({
  id: z.int(),
  at: z.string(),
  kind: z.enum(['added', 'removed', 'changed', 'renamed']),
  tool: z.string(),
  previousName: z.string().nullable(),
  fields: z.array(z.enum(['title', 'description', 'inputSchema', 'outputSchema', 'annotations'])),
  before: tool.nullable(),
  after: tool.nullable(),
});

export type TextFinding = z.infer<typeof textFinding>;
export type Docstring = z.infer<typeof docstring>;
export type ToolApproval = z.infer<typeof toolApproval>;
export type ToolView = z.infer<typeof toolView>;
export type ToolHit = z.infer<typeof toolHit>;
export type ToolsView = z.infer<typeof toolsView>;
export type ToolLockMode = z.infer<typeof toolLockMode>;
export type ToolLockView = z.infer<typeof toolLockView>;
export type ToolLockInput = z.infer<typeof toolLockInput>;
export type ApproveInput = z.infer<typeof approveInput>;
export type ToolChange = z.infer<typeof toolChange>;
