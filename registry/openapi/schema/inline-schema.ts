import { isRecord } from '../../contract/index.ts';
import { shorten, type Document, type Json } from '../document.ts';

interface InlineOptions {
  document: Document;
  /** References deeper than this are left open. */
  maxReferences: number;
  /** Values in a request body: members that only the API sets are left out. */
  isRequest: boolean;
  nodes: { remaining: number };
  /** How many schemas were left open so far. */
  open: { count: number };
}

const MAX_TEXT = 400;
const COPIED = [
  ...['type', 'format', 'enum', 'const', 'default', 'multipleOf', 'maximum', 'minimum', 'exclusiveMaximum'],
  ...['exclusiveMinimum', 'maxLength', 'minLength', 'maxItems', 'minItems', 'uniqueItems', 'maxProperties'],
  ...['minProperties', 'required', 'title', 'deprecated', 'contentEncoding', 'contentMediaType'],
];
const SINGLE = ['items', 'additionalProperties', 'not', 'contains', 'propertyNames', 'if', 'then', 'else'];
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const MAPS = ['properties', 'patternProperties', 'dependentSchemas'];

const isPattern = (text: unknown): text is string => {
  if (typeof text !== 'string' || text.length > 500) return false;
  try {
    return new RegExp(text, 'u').source !== '';
  } catch {
    return false;
  }
};

/** Converts keywords that only OpenAPI 3.0 has to JSON Schema: `nullable`, and exclusive limits as flags. */
function modernise(result: Json, schema: Json): Json {
  for (const [flag, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof result[flag] !== 'boolean') continue;
    const isExclusive = result[flag];
    Reflect.deleteProperty(result, flag);
    if (!isExclusive || result[limit] === undefined) continue;
    result[flag] = result[limit];
    Reflect.deleteProperty(result, limit);
  }
  if (schema['nullable'] !== true) return result;
  if (typeof result['type'] !== 'string') return { anyOf: [result, { type: 'null' }] };
  if (Array.isArray(result['enum']) && !result['enum'].includes(null))
    result['enum'] = [...(result['enum'] as unknown[]), null];
  return { ...result, type: [result['type'], 'null'] };
}

function inline(value: unknown, options: InlineOptions, trail: readonly string[]): unknown {
  if (typeof value === 'boolean') return value;
  if (!isRecord(value)) return {};
  options.nodes.remaining -= 1;
  if (options.nodes.remaining < 0) return {};
  const { $ref } = value;
  if (typeof $ref === 'string') {
    const isOpen = trail.includes($ref) || trail.length >= options.maxReferences;
    const name = $ref.split('/').at(-1) ?? '';
    const found = options.document.find($ref);
    if (isOpen || found === undefined) {
      options.open.count += 1;
      return { description: shorten(`${name}, as the API documents it`, MAX_TEXT) };
    }
    const target = inline(found, options, [...trail, $ref]);
    const description = shorten(value['description'], MAX_TEXT);
    return description === '' || !isRecord(target) ? target : { ...target, description };
  }
  const result: Json = {};
  for (const name of COPIED) if (value[name] !== undefined) result[name] = value[name];
  if (isPattern(value['pattern'])) result['pattern'] = value['pattern'];
  const description = shorten(value['description'], MAX_TEXT);
  if (description !== '') result['description'] = description;
  for (const name of SINGLE) {
    if (value[name] === undefined) continue;
    const before = options.open.count;
    result[name] = inline(value[name], options, trail);
    // An open schema accepts everything, so its negation would accept nothing.
    if (options.open.count > before && (name === 'not' || name === 'if')) Reflect.deleteProperty(result, name);
  }
  if (result['if'] === undefined) for (const name of ['then', 'else']) Reflect.deleteProperty(result, name);
  for (const name of LISTS) {
    if (!Array.isArray(value[name])) continue;
    const before = options.open.count;
    const members = value[name].map((member) => inline(member, options, trail));
    // More than one member may match where one of them is open.
    const isLoose = name === 'oneOf' && options.open.count > before && result['anyOf'] === undefined;
    result[isLoose ? 'anyOf' : name] = members;
  }
  for (const name of MAPS) {
    const members = value[name];
    if (!isRecord(members)) continue;
    const isHidden = (member: unknown) => options.isRequest && options.document.follow(member)?.['readOnly'] === true;
    const shown = Object.entries(members).filter(([, member]) => !isHidden(member));
    result[name] = Object.fromEntries(shown.map(([key, member]) => [key, inline(member, options, trail)]));
    if (name === 'properties' && Array.isArray(result['required']))
      result['required'] = (result['required'] as unknown[]).filter(
        (key) => typeof key === 'string' && !(Object.hasOwn(members, key) && isHidden(members[key])),
      );
  }
  return modernise(result, value);
}

const DEPTHS = [8, 5, 3, 2, 1, 0];
const MAX_NODES = 4_000;

/**
 * A schema with its references inlined. A reference to itself, and any part that would make it longer than `maxLength`, is left open: the API
 * checks its input in any case.
 */
export function inlineSchema(document: Document, schema: unknown, maxLength: number): Json {
  for (const maxReferences of DEPTHS) {
    const nodes = { remaining: MAX_NODES };
    const open = { count: 0 };
    const result = inline(schema, { document, maxReferences, isRequest: true, nodes, open }, []);
    if (nodes.remaining >= 0 && JSON.stringify(result).length <= maxLength) return isRecord(result) ? result : {};
  }
  const { type } = document.follow(schema) ?? {};
  return {
    ...(typeof type === 'string' && { type }),
    description: 'As the API documents it; it is too long to be shown here',
  };
}
