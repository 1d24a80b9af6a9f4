import { EVERY_SERVER } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** Parameters of earlier versions; accepted and ignored. */
export const deprecatedCredentials = {
  username: z.string().optional().describe('Deprecated and ignored. The API key of the connection is used.'),
  password: z.string().optional().describe('Deprecated and ignored.'),
};

export const servicePath = z
  .string()
  .min(1)
  .max(200)
  .describe('Path of the server, for example "weather" or "/weather".');
export const servicePathOrAll = servicePath.describe(
  `Path of the server, for example "weather" or "/weather", or "/${EVERY_SERVER}" for all servers.`,
);

/** The path without leading and trailing slashes, as in the REST API. Throws ToolError if it is empty. */
export function parsePath(value: string): string {
  const path = value.trim().replace(/^\/+|\/+$/g, '');
  if (path === '')
    throw new ToolError(
      'service_path is empty',
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
  .describe('Tags, as a list or a comma-separated string.');

export const forwardHeaders = z
  .array(z.string().max(64))
  .max(32)
  .describe(
    'Names of headers of the agents that are forwarded to the server, for example ["X-Tenant"]; replaces the list. By default only the headers of MCP are forwarded.',
  );

export const page = {
  limit: z.int().min(1).max(200).default(50).describe('Maximum number of servers per page.'),
  cursor: z.string().max(500).optional().describe('next_cursor of the previous page.'),
};
