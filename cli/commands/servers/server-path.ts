import { explainPath } from '@mcpgw/registry/contract';
import { usageError } from '../../program/cli-error.ts';

/** Validates the path of a server and returns it without surrounding slashes. Throws CliError. */
export function readPath(written: string): string {
  const path = written.trim().replace(/^\/+|\/+$/g, '');
  const message = explainPath(path);
  // The management server is called like any other.
  if (message !== null && path !== 'mcpgw') throw usageError(`path: ${message}`);
  return path;
}
