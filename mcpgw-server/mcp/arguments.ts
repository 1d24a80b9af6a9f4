import { EVERY_SERVER } from '@mcpgw/registry/contract';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** What callers of earlier gateways send; taken and forgotten. */
export const deprecatedLogin = {
  username: z.string().optional().describe('Deprecated and ignored: the key of the connection decides.'),
  password: z.string().optional().describe('Deprecated and ignored: it opens nothing.'),
};

export const servicePath = z.string().min(1).max(200).describe('Path of the service, "weather" or "/weather".');
export const servicePathOrAll = servicePath.describe(
  `Path of the service, "weather" or "/weather"; "/${EVERY_SERVER}" for every one.`,
);

/** The path as the registry writes it: without slashes around it. */
export function cleanPath(written: string): string {
  const path = written.trim().replace(/^\/+|\/+$/g, '');
  if (path === '')
    throw new ToolError(
      'the path is empty',
      'Give the path of a service, for example "/weather"; list_services shows them.',
    );
  return path;
}

/** Whether every server is meant; no server can be registered at that path. */
export function meansAll(written: string): boolean {
  return cleanPath(written) === EVERY_SERVER;
}

/** Tags as a list, or separated by commas as older callers send them. */
export const tags = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(','))])
  .transform((list) => list.map((tag) => tag.trim()).filter((tag) => tag !== ''))
  .describe('Tags: a list, or one text with commas.');

export const page = {
  limit: z.int().min(1).max(200).default(50).describe('At most this many.'),
  cursor: z.string().max(500).optional().describe('next_cursor of the answer before.'),
};
