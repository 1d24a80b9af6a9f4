import type { StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

interface Arguments<Input extends z.ZodObject> {
  name: string;
  input: Input;
  ignored?: readonly string[];
}

type Json = z.core.JSONSchema.BaseSchema;

/** Drops what a model does not need; lists of tools are part of every prompt. `type` becomes a single string, for validators in strict mode. */
function shorten(schema: Json): void {
  for (const name of ['minLength', 'maxLength', 'maxItems', 'propertyNames'] as const)
    Reflect.deleteProperty(schema, name);
  for (const bound of ['minimum', 'maximum'] as const)
    if (Math.abs(schema[bound] ?? 0) === Number.MAX_SAFE_INTEGER) Reflect.deleteProperty(schema, bound);
  const { additionalProperties: more, type } = schema;
  const isOpen = typeof more === 'object' && Object.keys(more).length === 0;
  // Unknown arguments are still refused by name.
  if (isOpen || more === false) delete schema.additionalProperties;
  if (!Array.isArray(type)) return;
  schema.anyOf = (type as string[]).map((one) => ({ type: one }) as Json);
  delete schema.type;
}

/** Only the names of the members of a result: its text and content contain the rest, and lists of tools are part of every prompt. */
function outline({ properties = {} }: Json): Json {
  return { type: 'object', properties: Object.fromEntries(Object.keys(properties).map((name) => [name, {}])) };
}

/**
 * A schema for `tools/list` that accepts every value: the SDK would respond to invalid arguments with a protocol error and the messages of zod,
 * whereas the errors of `readArguments` become results that a model can act on.
 */
export function advertise(
  schema: z.ZodObject,
  io: 'input' | 'output',
): StandardSchemaWithJSON<Record<string, unknown>> {
  const { $schema: _, ...whole } = z.toJSONSchema(io === 'input' ? z.strictObject(schema.shape) : schema, {
    io,
    override: ({ jsonSchema }) => shorten(jsonSchema),
  });
  const json = io === 'input' ? whole : outline(whole);
  return {
    '~standard': {
      version: 1,
      vendor: 'mcpgw',
      validate: (value) => ({ value: (value ?? {}) as Record<string, unknown> }),
      jsonSchema: { input: () => json, output: () => json },
    },
  };
}

function listNames({ input }: Pick<Arguments<z.ZodObject>, 'input'>): string {
  const required = Object.entries(input.shape).map(([name, field]) =>
    (field as z.ZodType).safeParse(undefined).success ? name : `${name} (required)`,
  );
  return required.length === 0 ? 'no arguments' : required.join(', ');
}

/** The arguments of a call, parsed. Throws ToolError that names each argument that is unknown, missing or invalid. */
export function readArguments<Input extends z.ZodObject>(
  tool: Arguments<Input>,
  given: Record<string, unknown>,
): z.output<Input> {
  const { input, ignored = [] } = tool;
  const unknown = Object.keys(given).filter((name) => !(name in input.shape) && !ignored.includes(name));
  if (unknown.length > 0) {
    const named = unknown.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 60)));
    throw new ToolError(
      `unknown argument ${named.join(', ')} of ${tool.name}`,
      `${tool.name} takes ${listNames(tool)}`,
    );
  }
  const parsed = input.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ToolError(
    `invalid arguments of ${tool.name}: ${problems.join('; ')}`,
    `${tool.name} takes ${listNames(tool)}`,
  );
}
