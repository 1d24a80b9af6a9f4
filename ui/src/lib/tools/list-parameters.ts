import { isRecord, type Tool } from '@mcpgw/registry/contract';
import { resolveSchema, type Schema } from '../schema/schema-to-field.ts';

export interface Parameter {
  name: string;
  type: string;
  required: boolean;
  description: string;
}

/** A schema with its references resolved; unchanged if they cannot be resolved. */
function resolve(schema: unknown, root: Schema): Schema {
  return isRecord(schema) ? (resolveSchema(schema, root) ?? schema) : {};
}

/** The type of a schema as short text: `string`, `"a" | "b"`, `number[]`, `string | null`. */
export function nameType(value: unknown, root: Schema, depth = 0): string {
  const schema = resolve(value, root);
  if (depth > 4) return '…';
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((choice) => JSON.stringify(choice)).join(' | ');
  for (const key of ['anyOf', 'oneOf'] as const) {
    const choices = schema[key];
    if (Array.isArray(choices))
      return [...new Set(choices.map((choice) => nameType(choice, root, depth + 1)))].join(' | ');
  }
  const { type } = schema;
  if (Array.isArray(type)) return type.join(' | ');
  if (type === 'array') return `${nameType(schema['items'], root, depth + 1)}[]`;
  return typeof type === 'string' ? type : 'any';
}

/** The parameters of a tool, required ones first. All text in it is untrusted. */
export function listParameters(tool: Pick<Tool, 'inputSchema'>): Parameter[] {
  const root: Schema = tool.inputSchema;
  const { properties, required } = root;
  if (!isRecord(properties)) return [];
  const requiredNames = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties)
    .map(([name, property]) => {
      const { description } = resolve(property, root);
      return {
        name,
        type: nameType(property, root),
        required: requiredNames.has(name),
        description: typeof description === 'string' ? description : '',
      };
    })
    .sort((a, b) => Number(b.required) - Number(a.required));
}
