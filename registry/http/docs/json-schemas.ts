import { z } from 'zod';

export type Json = Record<string, unknown>;

/** JSON Schemas of one document: those that zod shares or that refer to themselves become components, each once. */
export interface JsonSchemas {
  /** JSON Schema 2020-12, as in OpenAPI 3.1. */
  describe(schema: z.ZodType, io: 'input' | 'output'): Json;
  /** The components that `describe` found, by name. */
  shared(): Record<string, Json>;
}

const SELF = '#/$defs/<self>';

function rename(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? (names.get(inner) ?? inner) : rename(inner, names),
    ]),
  );
}

/** Creates the collection for one document. */
export function createJsonSchemas(): JsonSchemas {
  const nameOf = new Map<string, string>();
  const components: Record<string, Json> = {};

  function put(reference: string, definition: Json): string {
    const text = JSON.stringify(rename(definition, new Map([[reference, SELF]])));
    const name = nameOf.get(text) ?? `Value${nameOf.size === 0 ? '' : nameOf.size + 1}`;
    nameOf.set(text, name);
    const target = `#/components/schemas/${name}`;
    components[name] = rename(definition, new Map([[reference, target]])) as Json;
    return target;
  }

  return {
    describe(schema, io) {
      const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
      const names = new Map(
        Object.entries(($defs ?? {}) as Record<string, Json>).map(([key, definition]) => {
          const reference = `#/$defs/${key}`;
          return [reference, put(reference, definition)];
        }),
      );
      return rename(rest, names) as Json;
    },
    shared: () => components,
  };
}
