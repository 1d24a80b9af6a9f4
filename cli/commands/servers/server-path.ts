import { explainPath } from '@mcpgw/registry/contract';
import { usageError } from '../../program/cli-error.ts';

/** A server's path as written, without slashes around it. Throws CliError for what can be none. */
export function readPath(written: string): string {
  const path = written.trim().replace(/^\/+|\/+$/g, '');
  const message = explainPath(path);
  // The management server is called like any other.
  if (message !== null && path !== 'mcpgw') throw usageError(`path: ${message}`);
  return path;
}
