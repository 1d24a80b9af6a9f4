import { z } from 'zod';
import { leftOutOperation } from './api-description.ts';
import { tool } from '../tools/tool.ts';

/** A parameter of an operation: which argument of the tool it is, and how it is serialized (OpenAPI 3, Parameter Object). */
export const apiParameter = z.strictObject({
  argument: z.string(),
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  style: z.enum(['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject']),
  explode: z.boolean(),
  /** Its value is written as JSON (`content`). */
  isJson: z.boolean(),
  allowReserved: z.boolean(),
});

/** The body of an operation: the argument `body`, or none. */
export const apiBody = z.strictObject({
  kind: z.enum(['json', 'form', 'multipart', 'text', 'binary']),
  mediaType: z.string(),
  /** Members that are written `a[b]=c` (style deepObject). */
  deep: z.array(z.string()),
  /** Members of a multipart body that are files. */
  files: z.array(z.string()),
});

/** An operation of an API as a tool, and how its request is built. */
export const apiOperation = z.strictObject({
  tool,
  method: z.string(),
  /** Below the server's URL, with `{name}` for path parameters. */
  path: z.string(),
  parameters: z.array(apiParameter),
  body: apiBody.nullable(),
  /** The media types that it may return, for `Accept`. */
  accept: z.string(),
});

/** The contents of a description, as the bridge uses them. */
export const api = z.strictObject({
  title: z.string(),
  version: z.string(),
  description: z.string(),
  /** The URL that the description names; null: none that is absolute. */
  serverUrl: z.string().nullable(),
  operations: z.array(apiOperation),
  leftOut: z.array(leftOutOperation),
  /** Descriptions of the credentials that the API requires. */
  credentials: z.array(z.string()),
});

export type ApiParameter = z.infer<typeof apiParameter>;
export type ApiBody = z.infer<typeof apiBody>;
export type ApiOperation = z.infer<typeof apiOperation>;
export type Api = z.infer<typeof api>;
