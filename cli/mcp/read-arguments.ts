import { isRecord } from '@mcpgw/registry/contract';
import { readNamed } from '../files/index.ts';
import { usageError } from '../program/cli-error.ts';

type Schema = Record<string, unknown>;

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw usageError(`${what} is not JSON: ${(error as Error).message}`);
  }
}

function typesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, anyOf, oneOf } = schema as { type?: string | string[]; anyOf?: unknown[]; oneOf?: unknown[] };
  const own = type === undefined ? [] : [type].flat();
  return [...own, ...[...(anyOf ?? []), ...(oneOf ?? [])].flatMap(typesOf)];
}

/** Converts a value from the command line to the type in the schema of the tool. Throws CliError if it does not match. */
function toValue(name: string, written: string, schema: unknown): unknown {
  const types = typesOf(schema);
  const accepts = (type: string) => types.includes(type);
  if (types.length === 0 || accepts('string')) return accepts('null') && written === 'null' ? null : written;
  if ((accepts('number') || accepts('integer')) && written.trim() !== '' && Number.isFinite(Number(written)))
    return Number(written);
  if (accepts('boolean') && /^(true|false)$/.test(written)) return written === 'true';
  if (accepts('null') && written === 'null') return null;
  if (accepts('array') || accepts('object')) return parseJson(written, name);
  throw usageError(`${name}: ${JSON.stringify(written)} is not of the type ${types.join(' or ')}`);
}

/**
 * The arguments of a tool from the command line: one JSON object (`{…}`, `@file`, `-` for stdin), or any number of `name=value`, whose type the
 * tool's schema defines, and `name:=json`. Throws CliError.
 */
export function readArguments(words: readonly string[], inputSchema: Schema): Record<string, unknown> {
  const [first = '', ...more] = words;
  if (first === '-' || first.startsWith('@') || first.trimStart().startsWith('{')) {
    if (more.length > 0) throw usageError('arguments are one JSON object or name=value, not both');
    const text = first === '-' ? readNamed(0) : first.startsWith('@') ? readNamed(first.slice(1)) : first;
    const value = parseJson(text, 'the arguments');
    if (!isRecord(value)) throw usageError('the arguments of a tool are one JSON object, like {"city": "Bern"}');
    return value;
  }
  const properties = isRecord(inputSchema['properties']) ? inputSchema['properties'] : {};
  // A null prototype: a name from the command line is only data.
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const word of words) {
    const [, name, isJson, written] = /^([^=]+?)(:?)=([^]*)$/.exec(word) ?? [];
    if (name === undefined || written === undefined)
      throw usageError(
        `${JSON.stringify(word)} is not a valid argument`,
        'Write name=value, name:=json, or one JSON object.',
      );
    if (name in given) throw usageError(`${name} is given twice`);
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    given[name] = isJson === ':' ? parseJson(written, name) : toValue(name, written, schema);
  }
  return { ...given };
}
