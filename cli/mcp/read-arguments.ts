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

/** A value as it was written, as the type that the tool's schema wants. Throws CliError where it is none. */
function toValue(name: string, written: string, schema: unknown): unknown {
  const types = typesOf(schema);
  const wants = (type: string) => types.includes(type);
  if (types.length === 0 || wants('string')) return wants('null') && written === 'null' ? null : written;
  if ((wants('number') || wants('integer')) && written.trim() !== '' && Number.isFinite(Number(written)))
    return Number(written);
  if (wants('boolean') && /^(true|false)$/.test(written)) return written === 'true';
  if (wants('null') && written === 'null') return null;
  if (wants('array') || wants('object')) return parseJson(written, name);
  throw usageError(`${name}: ${JSON.stringify(written)} is no ${types.join(' or ')}, which this tool wants`);
}

/**
 * The arguments of a tool from the command line: one JSON object (`{…}`, `@file`, `-` for stdin), or any number of `name=value`, where the
 * tool's schema says the type, and `name:=json`. Throws CliError.
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
  // A null prototype: a name from the command line is only ever data.
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const word of words) {
    const [, name, isJson, written] = /^([^=]+?)(:?)=([^]*)$/.exec(word) ?? [];
    if (name === undefined || written === undefined)
      throw usageError(
        `${JSON.stringify(word)} is no argument of a tool`,
        'Write name=value, name:=json, or one JSON object.',
      );
    if (name in given) throw usageError(`${name} is given twice`);
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    given[name] = isJson === ':' ? parseJson(written, name) : toValue(name, written, schema);
  }
  return { ...given };
}
