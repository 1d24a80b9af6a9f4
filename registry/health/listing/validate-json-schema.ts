import { isRecord } from '../../contract/index.ts';
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
const SCHEMA = [
  ...['additionalItems', 'additionalProperties', 'contains', 'else', 'if', 'not', 'propertyNames', 'then'],
  ...['unevaluatedItems', 'unevaluatedProperties'],
];
const MAP_OF_SCHEMAS = ['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties'];
const LIST_OF_SCHEMAS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];

function explainType(type: unknown, at: string): string | null {
  for (const name of Array.isArray(type) ? (type as unknown[]) : [type])
    if (typeof name !== 'string' || !TYPES.includes(name))
      return `${at}.type: expected one of ${TYPES.join(', ')}, received ${JSON.stringify(name).slice(0, 40)}`;
  return null;
}

/** The schemas in one keyword of another schema, each with its place; a string: why the value of the keyword is invalid. */
function listParts(keyword: string, value: unknown, at: string): [place: string, schema: unknown][] | string {
  if (SCHEMA.includes(keyword)) return [[at, value]];
  if (MAP_OF_SCHEMAS.includes(keyword))
    return isRecord(value)
      ? Object.entries(value).map(([name, part]) => [`${at}.${name}`, part])
      : `${at}: expected an object of schemas`;
  if (LIST_OF_SCHEMAS.includes(keyword) || (keyword === 'items' && Array.isArray(value)))
    return Array.isArray(value)
      ? (value as unknown[]).map((part, index) => [`${at}.${index}`, part])
      : `${at}: expected an array of schemas`;
  return keyword === 'items' ? [[at, value]] : [];
}

/**
 * Why a value is not a JSON Schema (drafts 7 and 2020-12, as far as both agree), with the place, which begins with `at`; null when it is one. It recurses
 * as deep as the value is nested.
 */
export function explainJsonSchema(schema: unknown, at: string): string | null {
  if (typeof schema === 'boolean') return null;
  if (!isRecord(schema)) return `${at}: expected a schema (an object or a boolean)`;
  if ('type' in schema) {
    const problem = explainType(schema['type'], at);
    if (problem !== null) return problem;
  }
  const { required, enum: values } = schema;
  const isList = Array.isArray(required) && required.every((name) => typeof name === 'string');
  if (required !== undefined && !isList) return `${at}.required: expected an array of names`;
  if (values !== undefined && !Array.isArray(values)) return `${at}.enum: expected an array`;
  for (const [keyword, value] of Object.entries(schema)) {
    const parts = listParts(keyword, value, `${at}.${keyword}`);
    if (typeof parts === 'string') return parts;
    for (const [place, part] of parts) {
      const problem = explainJsonSchema(part, place);
      if (problem !== null) return problem;
    }
  }
  return null;
}
