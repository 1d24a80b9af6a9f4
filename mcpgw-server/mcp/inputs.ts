import { EVERY_SERVER } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** Arguments of earlier versions: accepted and ignored, since the key of the connection decides. */
export const DEPRECATED_CREDENTIALS = ['username', 'password'];

// The list of tools is part of every prompt: an argument whose name explains it has no description.
export const servicePath = z.string().min(1).max(200);
export const servicePathOrAll = servicePath.describe(`As in "/weather", or "/${EVERY_SERVER}".`);

/** Field of a server in the REST API → argument of the tools that register and update one. */
export const SERVER_FIELDS = {
  name: 'server_name',
  url: 'proxy_pass_url',
  'instances.0.url': 'proxy_pass_url',
  hostMode: 'host_mode',
  forwardHeaders: 'forward_headers',
  stars: 'num_stars',
  confinement: 'confine',
};

/** The path without leading and trailing slashes, as in the REST API. Throws ToolError if it is empty. */
export function parsePath(value: string, argument = 'service_path'): string {
  const path = value.trim().replace(/^\/+|\/+$/g, '');
  if (path === '')
    throw new ToolError(
      `${argument} is empty`,
      'Pass the path of a server, for example "/weather". list_services returns all paths.',
    );
  return path;
}

/** Whether the path means all servers. It is reserved, so no server has it. */
export function isAll(value: string): boolean {
  return parsePath(value) === EVERY_SERVER;
}

/** Tags as a list, or as a comma-separated string (earlier versions). */
export const tags = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((list) => list.map((tag) => tag.trim()).filter((tag) => tag !== ''))
  .describe('Or comma-separated.');

export const forwardHeaders = z
  .array(z.string().max(64))
  .max(32)
  .describe('Agents\' headers to forward to the server, as in ["X-Tenant"]; replaces the list.');

/** `next_cursor` of the previous page. */
export const cursor = z.string().max(500).optional();

export const page = {
  limit: z.int().min(1).max(200).default(50),
  cursor,
};

export const toolLimit = z.int().min(1).max(100);
export const withSchemas = z.boolean().default(false).describe('Also returns schemas and whole descriptions.');
