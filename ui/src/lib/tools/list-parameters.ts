import type { Tool } from '@mcpgw/registry/contract';

export interface Parameter {
  name: string;
  type: string;
  required: boolean;
  description: string;
}
type Schema = Record<string, unknown>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function resolve(schema: unknown, root: Schema): Schema {
  if (!isSchema(schema)) return {};
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let found: unknown = root;
  for (const part of reference.slice(2).split('/')) found = isSchema(found) ? found[part] : undefined;
  return isSchema(found) && found !== schema ? found : schema;
}

/** The type of one schema in a few words: `string`, `"a" | "b"`, `number[]`, `string | null`. */
export function nameType(written: unknown, root: Schema, depth = 0): string {
  const schema = resolve(written, root);
  if (depth > 4) return '…';
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ');
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

/** What a tool takes, one entry a parameter, the required ones first. Everything in it is text from outside. */
export function listParameters(tool: Pick<Tool, 'inputSchema'>): Parameter[] {
  const root: Schema = tool.inputSchema;
  const { properties, required } = root;
  if (!isSchema(properties)) return [];
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties)
    .map(([name, property]) => {
      const { description } = resolve(property, root);
      return {
        name,
        type: nameType(property, root),
        required: needed.has(name),
        description: typeof description === 'string' ? description : '',
      };
    })
    .sort((a, b) => Number(b.required) - Number(a.required));
}
