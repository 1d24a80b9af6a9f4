import { ConfigError, parseDocument } from '@mcpgw/config';
import { isRecord } from '@mcpgw/registry/contract';
import { CliError } from '../program/cli-error.ts';

const HINT = 'Correct it first: it is not overwritten.';

/** Parses the file of a client; an empty file has no members. Throws CliError with the line of the error. */
export function readDocument(format: 'json' | 'toml', text: string, file: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  try {
    const { value } = parseDocument(file, text, format);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new CliError(error.message, { hint: HINT, cause: error });
  }
  throw new CliError(`${file} does not contain an object`, { hint: HINT });
}
