import { z } from 'zod';
import { explainHttpUrl } from '../rules/explain-instance-url.ts';

/** Maximum size of a description, whether read from a URL or sent as text. */
export const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;

const documentUrl = z
  .string()
  .trim()
  .max(2000)
  .superRefine((written, context) => {
    const message = explainHttpUrl(written);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** The OpenAPI 3 description of a server: the URL that it is read from once, its text, or its text as it was read there before. */
export const apiDescription = z
  .strictObject({
    url: documentUrl
      .optional()
      .describe(
        'read when the server is registered or this field is set again, without credentials; shown to everyone',
      ),
    document: z
      .string()
      .min(1)
      .max(MAX_DESCRIPTION_BYTES)
      .optional()
      .describe(
        'the description itself, JSON or YAML, at most 4 MB (2 MB through the gateway); with "url": as it was read there before, so it is not read again',
      ),
  })
  .superRefine(({ url, document }, context) => {
    if (url === undefined && document === undefined)
      context.addIssue({ code: 'custom', path: ['url'], message: 'give "url" or "document"' });
  });

/** An operation that is not available as a tool. */
export const leftOutOperation = z.object({ operation: z.string(), reason: z.string() });

/** What is known of the description of a server. */
export const apiDescriptionView = z.object({
  url: z.string().nullable().describe('where it was read; null: it was sent as text'),
  serverFromDocument: z.boolean().describe('true: the URL of the API is that of the description'),
  title: z.string(),
  version: z.string(),
  operations: z.int().describe('how many are available as tools'),
  leftOut: z.array(leftOutOperation).describe('at most 100 operations that are not available as tools'),
  credentials: z.array(z.string()).describe('descriptions of the credentials that the API requires'),
  sha256: z.string().describe('of the text of the description'),
});

export type ApiDescription = z.infer<typeof apiDescription>;
export type ApiDescriptionView = z.infer<typeof apiDescriptionView>;
