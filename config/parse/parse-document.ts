import { isNestedDeeperThan } from '@mcpgw/registry/contract';
import { ConfigError } from '../problem.ts';
import { parseJson } from './parse-json.ts';
import { parseToml } from './parse-toml.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Parsed } from './parsed.ts';

const MAX_CHARACTERS = 8 * 1024 * 1024;
const MAX_DEPTH = 64;

const PARSERS: Partial<Record<string, (file: string, text: string) => Parsed>> = {
  json: parseJson,
  jsonc: parseJson,
  yaml: parseYaml,
  yml: parseYaml,
  toml: parseToml,
};

/**
 * Parses a document in the given format, else in that of its file extension; an unknown extension means YAML, a superset of JSON. Throws
 * ConfigError.
 */
export function parseDocument(file: string, written: string, format?: 'json' | 'toml' | 'yaml'): Parsed {
  if (written.length > MAX_CHARACTERS)
    throw new ConfigError(file, [{ field: '', message: `it has more than ${MAX_CHARACTERS} characters` }]);
  const extension = format ?? /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
  const tooDeep = () => new ConfigError(file, [{ field: '', message: `it is nested deeper than ${MAX_DEPTH} levels` }]);
  let parsed: Parsed;
  try {
    parsed = (PARSERS[extension] ?? parseYaml)(file, written.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parsers recurse.
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
  if (isNestedDeeperThan(parsed.value, MAX_DEPTH)) throw tooDeep();
  return parsed;
}
