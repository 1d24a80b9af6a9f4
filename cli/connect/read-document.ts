import { ConfigError, parseDocument } from '@mcpgw/config';
import { isRecord } from '@mcpgw/registry/contract';
import { CliError } from '../program/cli-error.ts';

const HINT = 'Correct it first: it is not written over.';

/** What a client's file says; an empty one says nothing. Throws CliError naming the line of what is wrong. */
export function readDocument(format: 'json' | 'toml', text: string, file: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  try {
    const { value } = parseDocument(file, text, format);
    if (isRecord(value)) return value;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new CliError(error.message, { hint: HINT, cause: error });
  }
  throw new CliError(`${file} holds no object with names`, { hint: HINT });
}
