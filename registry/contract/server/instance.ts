import { z } from 'zod';
import { explainInstanceUrl } from '../rules/explain-instance-url.ts';

/** The URL of one instance, as registered: base URL, with or without slash, or the endpoint itself. */
export const instanceUrl = z
  .string()
  .trim()
  .max(2000)
  .superRefine((written, context) => {
    const message = explainInstanceUrl(written);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const instanceInput = z.strictObject({
  url: instanceUrl,
  weight: z.int().min(1).max(100).default(1),
  enabled: z.boolean().default(true),
});

/** Where the probe found the MCP endpoints of one instance. Absolute URLs without query; null = it has none. */
export const instanceEndpoints = z.object({
  mcp: z.string().nullable(),
  sse: z.string().nullable(),
});

export const instanceView = z.object({
  id: z.string(),
  url: z.string(),
  weight: z.int(),
  enabled: z.boolean(),
  up: z.boolean(),
  endpoints: instanceEndpoints.nullable(),
});

export type InstanceInput = z.infer<typeof instanceInput>;
export type InstanceEndpoints = z.infer<typeof instanceEndpoints>;
export type InstanceView = z.infer<typeof instanceView>;
